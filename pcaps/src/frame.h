/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frame.h - link-layer headers of what we write
 */
#ifndef PCAPS_FRAME_H
#define PCAPS_FRAME_H

#include "pcaps/capture.h"

#define CAP_SLL2_HEADER     20
#define CAP_ETHERNET_HEADER 14

/* Numbers of the link types in a file header. */
#define CAP_LINKTYPE_ETHERNET 1
#define CAP_LINKTYPE_SLL2     276

/* The header that goes before the data of a record; its dir is not NONE. */
void cap_frame_sll2(const struct cap_record *record,
		    uint8_t out[CAP_SLL2_HEADER]);
void cap_frame_ethernet(const struct cap_record *record,
			uint8_t out[CAP_ETHERNET_HEADER]);

#endif /* PCAPS_FRAME_H */
