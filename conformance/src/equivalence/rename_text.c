/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rename_text.c - payloads that are equal but for names
 *
 * A payload that an engine changed holds names where a helper writes them.
 * What neither engine changed is compared octet for octet.
 */
#include "equivalence/rename.h"

static struct masq_view text_of(const struct masq_view v,
				const struct eqv_parsed *p)
{
	return masq_slice(v, p->text, p->text == 0 ? 0 : p->text_len);
}

static bool same_view(struct masq_view a, struct masq_view b)
{
	return a.len == b.len &&
	       (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Did the engine of a side change the text of the stimulus? */
static bool is_edited(const struct eqv_work *w, unsigned int side)
{
	const struct conf_packet *from = &w->eq->stimulus[side];
	struct masq_view v = {.data = from->data, .len = from->len};

	return !w->eq->has_stimulus ||
	       !same_view(text_of(v, &w->eq->parsed[side]),
			  text_of(w->v[side], &w->p[side]));
}

/* A name in both texts; false if it is none, or no pair. */
static bool judge_place(struct eqv_work *w, const struct eqv_place *ours,
			const struct eqv_place *theirs)
{
	struct conf_equivalence *eq = w->eq;
	struct eqv_end a = ours->end, b = theirs->end;
	enum eqv_verdict verdict;

	if (ours->format != theirs->format)
		return false;
	if (ours->format != EQV_SIX && ours->format != EQV_DCC) {
		if (!w->bare)
			return a.port == b.port;
		a.addr = eq->addrs[OURS][0];
		b.addr = eq->addrs[THEIRS][0];
	}
	if (!eqv_is_outside(eq, OURS, a.addr) ||
	    !eqv_is_outside(eq, THEIRS, b.addr))
		return eqv_same_end(a, b);
	if (eq->has_stimulus && eq->stimulus[OURS].side == CONF_INSIDE &&
	    ours->format != EQV_RESUME)
		verdict = eqv_show_name(eq, ours->proto, a, b);
	else
		verdict = eqv_check(eq, ours->proto, a, b, (struct eqv_end){0});
	eqv_note(w, verdict,
		 w->p[OURS].ip.proto == CONF_PROTO_TCP ? "tcp.payload"
						       : "udp.payload",
		 a, b);
	eq->has_texts |= ours->format <= EQV_RESUME;
	return verdict != EQV_NOT_A_PAIR;
}

/* Are the texts equal but for names? */
static bool same_texts(struct eqv_work *w, struct masq_view ours,
		       struct masq_view theirs)
{
	struct eqv_place a[EQV_MAX_PLACES], b[EQV_MAX_PLACES];
	unsigned int num = eqv_places(a, w->p[OURS].ip.proto, ours);
	uint32_t at = 0, their_at = 0;

	if (eqv_places(b, w->p[THEIRS].ip.proto, theirs) != num)
		return false;
	for (unsigned int i = 0; i < num; i++) {
		if (!same_view(
			    masq_slice(ours, at, a[i].at - at),
			    masq_slice(theirs, their_at, b[i].at - their_at)) ||
		    !judge_place(w, &a[i], &b[i]))
			return false;
		at = a[i].at + a[i].len;
		their_at = b[i].at + b[i].len;
	}
	return same_view(masq_from(ours, at), masq_from(theirs, their_at));
}

void eqv_rename_text(struct eqv_work *w)
{
	struct masq_view ours = text_of(w->v[OURS], &w->p[OURS]);
	struct masq_view theirs = text_of(w->v[THEIRS], &w->p[THEIRS]);
	bool edited[2] = {is_edited(w, OURS), is_edited(w, THEIRS)};

	if (w->p[OURS].text == 0 || w->p[THEIRS].text == 0)
		return;
	/* A bare port that one side left alone is the inside one. */
	w->bare = edited[OURS] && edited[THEIRS];
	if ((edited[OURS] || edited[THEIRS]) && !same_texts(w, ours, theirs))
		return;
	if (same_view(ours, theirs))
		return;
	eqv_put_text(&w->x, &w->p[THEIRS], ours);
	if (w->p[OURS].is_tcp)
		eqv_note_edit(w->eq,
			      eqv_work_flow(w, &w->p[OURS], eqv_work_dir(w)),
			      w->packet[OURS]->side, eqv_work_dir(w),
			      masq_get32(w->v[OURS], w->p[OURS].l4 + 4),
			      (int32_t)(theirs.len - ours.len));
}
