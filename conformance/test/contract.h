/* SPDX-License-Identifier: Apache-2.0 */
/* contract.h - engines behind the contract, for tests */
#ifndef TEST_CONTRACT_H
#define TEST_CONTRACT_H

#include "conformance/registry.h"
#include "conformance/results.h"
#include "support.h"

#define S UINT64_C(1000000000) /* ns */

/* No settings at all. */
extern const struct conf_config conf_none;

/* A text that a dump is collected in. */
struct text {
	char at[16384];
	size_t len;
};

/* A conf_text_fn for a struct text. */
void contract_collect(void *ctx, const char *piece, size_t len);

/* An engine, which opens. */
struct conf_engine contract_open(const char *address,
				 const struct conf_config *config);

/* Sends p; its results are all there is in results. */
enum conf_status contract_send(struct conf_engine *engine,
			       const struct packet *p, enum conf_side side,
			       uint64_t now, struct conf_results *results);

#endif /* TEST_CONTRACT_H */
