/* SPDX-License-Identifier: Apache-2.0 */
/* rename.h - a result of the other side on its way to our names */
#ifndef EQUIVALENCE_RENAME_H
#define EQUIVALENCE_RENAME_H

#include "equivalence/eqv.h"

struct eqv_work {
	struct conf_equivalence *eq;
	const struct conf_packet *packet[2]; /* ours, theirs */
	struct masq_view v[2];
	struct eqv_parsed p[2];
	struct eqv_parsed in[2]; /* what an error quotes */
	struct eqv_editor x;
	struct eqv_flow *flow; /* with shifts, or NULL */
	bool bare;             /* ports without an address are names */
};

/* Notes a conflict of names, the first of a stimulus. */
void eqv_note(struct eqv_work *w, enum eqv_verdict verdict, const char *field,
	      struct eqv_end ours, struct eqv_end theirs);

/* Where a result on its wire goes, and the flow it belongs to. */
enum eqv_dir eqv_work_dir(const struct eqv_work *w);
struct eqv_flow *eqv_work_flow(const struct eqv_work *w,
			       const struct eqv_parsed *p, enum eqv_dir dir);

/* Theirs becomes ours, if it is the same but for names (rename_text.c). */
void eqv_rename_text(struct eqv_work *w);

#endif /* EQUIVALENCE_RENAME_H */
