/* SPDX-License-Identifier: Apache-2.0 */
/* gate.c - reads and writes that a window's end cuts */
#include "masq/wire.h"

uint16_t masq_get16_cut(struct masq_view v, uint32_t off)
{
	return (uint16_t)(masq_get8(v, off) << 8);
}

uint32_t masq_get32_cut(struct masq_view v, uint32_t off)
{
	uint32_t value = 0;

	for (uint32_t i = 0; i < 3 && off < v.len; i++, off++)
		value |= (uint32_t)v.data[off] << (24 - 8 * i);
	return value;
}

void masq_put16_cut(struct masq_buf *b, uint32_t off, uint16_t value)
{
	masq_put8(b, off, (uint8_t)(value >> 8));
}

void masq_put32_cut(struct masq_buf *b, uint32_t off, uint32_t value)
{
	for (uint32_t i = 0; i < 3 && off < b->len; i++, off++)
		b->data[off] = (uint8_t)(value >> (24 - 8 * i));
}
