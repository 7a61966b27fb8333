/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.c - which of their names is which of ours
 *
 * A pair of names is learnt from the first result that shows both, and held
 * to. It is given up for another pair in two cases only:
 *
 * - A flow that showed one pair shows another one in both names: its
 *   mapping was made anew on both sides. If one side alone changes its name
 *   while the mapping may be alive, that side changed it: EQV_CHANGED.
 * - A name turns up in another pair. If the old pair was shown within the
 *   shortest time that any mapping lives, a name serves two: EQV_SHARED.
 *   Otherwise the old mapping may have expired and the port been taken anew.
 *
 * A flow remembers its own pair; one that is shown again after its name went
 * to another pair proves that both were alive: EQV_SHARED as well.
 */
#include <stdlib.h>

#include "equivalence/eqv.h"

bool eqv_is_outside(const struct conf_equivalence *eq, unsigned int side,
		    uint32_t addr)
{
	for (unsigned int i = 0; i < eq->num_addrs[side]; i++)
		if (eq->addrs[side][i] == addr)
			return true;
	return false;
}

void eqv_add_outside(struct conf_equivalence *eq, unsigned int side,
		     uint32_t addr)
{
	if (!eqv_is_outside(eq, side, addr) &&
	    eq->num_addrs[side] < EQV_MAX_ADDRS)
		eq->addrs[side][eq->num_addrs[side]++] = addr;
}

static uint64_t end_bits(struct eqv_end end)
{
	return (uint64_t)end.addr << 16 | end.port;
}

static uint32_t hash_end(uint8_t proto, struct eqv_end end)
{
	return eqv_mix(end_bits(end), proto);
}

static uint32_t hash_ends(uint8_t proto, struct eqv_end a, struct eqv_end b)
{
	return eqv_mix(end_bits(a), end_bits(b) << 8 | proto);
}

/* A table forgets what no engine can remember: after a day. */
#define FORGET (UINT64_C(86400) * 1000000000)

static bool is_forgotten(const struct conf_equivalence *eq, uint64_t last)
{
	return eq->now > last && eq->now - last > FORGET;
}

static bool is_dead(const struct conf_equivalence *eq, uint8_t proto,
		    uint64_t last)
{
	return eq->now > last && eq->now - last > eq->lifetime[proto];
}

static bool is_quiet(const struct conf_equivalence *eq, uint8_t proto,
		     uint64_t last)
{
	return eq->now > last && eq->now - last >= eq->quiet[proto];
}

/* Tables forget what is long dead. */
static bool drop_pair(const struct conf_equivalence *eq, void *item)
{
	const struct eqv_pair *pair = item;

	return is_forgotten(eq, pair->item.last);
}

static bool drop_flow(const struct conf_equivalence *eq, void *item)
{
	struct eqv_flow *flow = item;

	if (!is_forgotten(eq, flow->item.last))
		return false;
	eqv_numbers_free(flow);
	return true;
}

struct eqv_flow *eqv_flow_of_inside(const struct conf_equivalence *eq,
				    uint8_t proto, struct eqv_end in,
				    struct eqv_end peer)
{
	uint32_t hash = hash_ends(proto, in, peer);
	struct eqv_flow *f = eqv_first(&eq->flows, 0, hash);

	while (f != NULL &&
	       (f->item.hash[0] != hash || f->proto != proto ||
		!eqv_same_end(f->in, in) || !eqv_same_end(f->peer, peer)))
		f = eqv_next(&eq->flows, 0, f);
	return f;
}

struct eqv_flow *eqv_flow_of_name(const struct conf_equivalence *eq,
				  uint8_t proto, struct eqv_end ours,
				  struct eqv_end peer)
{
	uint32_t hash = hash_ends(proto, ours, peer);
	struct eqv_flow *f = eqv_first(&eq->flows, 1, hash);

	while (f != NULL && (f->item.hash[1] != hash || f->proto != proto ||
			     !eqv_same_end(f->name[OURS], ours) ||
			     !eqv_same_end(f->peer, peer)))
		f = eqv_next(&eq->flows, 1, f);
	return f;
}

static struct eqv_pair *find_pair(const struct conf_equivalence *eq,
				  unsigned int side, uint8_t proto,
				  struct eqv_end name)
{
	uint32_t hash = hash_end(proto, name);
	struct eqv_pair *p = eqv_first(&eq->pairs, side, hash);

	while (p != NULL && (p->item.hash[side] != hash || p->proto != proto ||
			     !eqv_same_end(p->name[side], name)))
		p = eqv_next(&eq->pairs, side, p);
	return p;
}

/*
 * An unbound name keeps its value if that is free on the other side. If it
 * is not, the name that it serves there is free here: so a partial map is
 * completed to a one-to-one map of all.
 */
static struct eqv_end complete(const struct conf_equivalence *eq, uint8_t proto,
			       struct eqv_end ours)
{
	struct eqv_end theirs = ours;
	const struct eqv_pair *p;

	for (uint32_t i = 0; i <= eq->pairs.num; i++) {
		p = find_pair(eq, THEIRS, proto, theirs);
		if (p == NULL)
			break;
		theirs = p->name[OURS];
	}
	return theirs;
}

struct eqv_end eqv_theirs(struct conf_equivalence *eq, uint8_t proto,
			  struct eqv_end ours, struct eqv_end peer)
{
	const struct eqv_flow *flow = eqv_flow_of_name(eq, proto, ours, peer);
	const struct eqv_pair *pair;

	if (flow != NULL)
		return flow->name[THEIRS];
	pair = find_pair(eq, OURS, proto, ours);
	return pair != NULL ? pair->name[THEIRS] : complete(eq, proto, ours);
}

/* Takes a pair apart; true if it was in use. */
static bool part(struct conf_equivalence *eq, struct eqv_pair *pair)
{
	bool used;

	if (pair == NULL)
		return false;
	used = !is_quiet(eq, pair->proto, pair->item.last);
	eqv_table_unlink(&eq->pairs, pair);
	/* Unlinked items are never found; purging lets them go. */
	pair->item.hash[0] = pair->item.hash[1] = 0;
	pair->name[OURS] = pair->name[THEIRS] = (struct eqv_end){0};
	pair->item.last = 0;
	eqv_table_link(&eq->pairs, pair);
	return used;
}

static enum eqv_verdict bind(struct conf_equivalence *eq, uint8_t proto,
			     struct eqv_end ours, struct eqv_end theirs,
			     struct eqv_end in)
{
	struct eqv_pair *a = find_pair(eq, OURS, proto, ours);
	struct eqv_pair *b = find_pair(eq, THEIRS, proto, theirs);
	enum eqv_verdict verdict = EQV_OK;

	if (a == NULL || a != b) {
		bool used = part(eq, a);

		used |= part(eq, b);
		verdict = used ? EQV_SHARED : EQV_OK;
		a = eqv_table_add(eq, &eq->pairs, hash_end(proto, ours),
				  hash_end(proto, theirs), drop_pair);
		if (a == NULL) {
			eq->failed = true;
			return EQV_OK;
		}
		a->proto = proto;
		a->name[OURS] = ours;
		a->name[THEIRS] = theirs;
		a->since = eq->number;
	}
	if (in.addr != 0)
		a->in = in;
	a->item.last = eq->now;
	return verdict;
}

static enum eqv_verdict add_flow(struct conf_equivalence *eq, uint8_t proto,
				 struct eqv_end ours, struct eqv_end theirs,
				 struct eqv_end in, struct eqv_end peer)
{
	struct eqv_flow *flow;

	flow = eqv_table_add(eq, &eq->flows, hash_ends(proto, in, peer),
			     hash_ends(proto, ours, peer), drop_flow);
	if (flow == NULL) {
		eq->failed = true;
		return EQV_OK;
	}
	flow->proto = proto;
	flow->in = in;
	flow->peer = peer;
	flow->name[OURS] = ours;
	flow->name[THEIRS] = theirs;
	flow->item.last = eq->now;
	return bind(eq, proto, ours, theirs, in);
}

/* A known flow has other names than before. */
static enum eqv_verdict rename_flow(struct conf_equivalence *eq,
				    struct eqv_flow *flow, struct eqv_end ours,
				    struct eqv_end theirs)
{
	bool one = eqv_same_end(flow->name[OURS], ours) ||
		   eqv_same_end(flow->name[THEIRS], theirs);
	bool dead = is_dead(eq, flow->proto, flow->item.last);
	enum eqv_verdict verdict;

	eqv_table_unlink(&eq->flows, flow);
	flow->name[OURS] = ours;
	flow->name[THEIRS] = theirs;
	flow->item.hash[1] = hash_ends(flow->proto, ours, flow->peer);
	flow->item.last = eq->now;
	flow->shared_told = false;
	eqv_numbers_free(flow);
	eqv_table_link(&eq->flows, flow);
	verdict = bind(eq, flow->proto, ours, theirs, flow->in);
	return one && !dead ? EQV_CHANGED : verdict;
}

/* A flow as it was; does its name serve another pair by now? */
static enum eqv_verdict hold_flow(struct conf_equivalence *eq,
				  struct eqv_flow *flow)
{
	struct eqv_pair *pair = find_pair(eq, OURS, flow->proto,
					  flow->name[OURS]);

	flow->item.last = eq->now;
	if (pair != NULL &&
	    eqv_same_end(pair->name[THEIRS], flow->name[THEIRS])) {
		pair->item.last = eq->now;
		return EQV_OK;
	}
	if (flow->shared_told)
		return EQV_OK;
	flow->shared_told = true;
	return pair != NULL || find_pair(eq, THEIRS, flow->proto,
					 flow->name[THEIRS]) != NULL
		       ? EQV_SHARED
		       : EQV_OK;
}

enum eqv_verdict eqv_show(struct conf_equivalence *eq, uint8_t proto,
			  struct eqv_end ours, struct eqv_end theirs,
			  struct eqv_end in, struct eqv_end peer)
{
	struct eqv_flow *flow = eqv_flow_of_inside(eq, proto, in, peer);

	if (flow == NULL)
		return add_flow(eq, proto, ours, theirs, in, peer);
	if (eqv_same_end(flow->name[OURS], ours) &&
	    eqv_same_end(flow->name[THEIRS], theirs))
		return hold_flow(eq, flow);
	return rename_flow(eq, flow, ours, theirs);
}

enum eqv_verdict eqv_show_inbound(struct conf_equivalence *eq, uint8_t proto,
				  struct eqv_end ours, struct eqv_end theirs,
				  struct eqv_end in, struct eqv_end peer)
{
	struct eqv_flow *flow = eqv_flow_of_name(eq, proto, ours, peer);

	if (flow != NULL && eqv_same_end(flow->name[THEIRS], theirs))
		return hold_flow(eq, flow);
	/* An inside endpoint may be reached by several names. */
	if (eqv_flow_of_inside(eq, proto, in, peer) != NULL)
		return bind(eq, proto, ours, theirs, in);
	return add_flow(eq, proto, ours, theirs, in, peer);
}

enum eqv_verdict eqv_show_name(struct conf_equivalence *eq, uint8_t proto,
			       struct eqv_end ours, struct eqv_end theirs)
{
	return bind(eq, proto, ours, theirs, (struct eqv_end){0});
}

enum eqv_verdict eqv_check(struct conf_equivalence *eq, uint8_t proto,
			   struct eqv_end ours, struct eqv_end theirs,
			   struct eqv_end peer)
{
	struct eqv_flow *flow = eqv_flow_of_name(eq, proto, ours, peer);
	struct eqv_pair *pair;

	if (flow != NULL && eqv_same_end(flow->name[THEIRS], theirs))
		return EQV_OK;
	pair = find_pair(eq, OURS, proto, ours);
	if (pair != NULL)
		return eqv_same_end(pair->name[THEIRS], theirs)
			       ? EQV_OK
			       : EQV_NOT_A_PAIR;
	if (flow != NULL)
		return EQV_NOT_A_PAIR;
	return eqv_same_end(complete(eq, proto, ours), theirs) ? EQV_OK
							       : EQV_NOT_A_PAIR;
}

void eqv_names_cleanup(struct conf_equivalence *eq)
{
	for (uint32_t i = 1; i <= eq->flows.num; i++)
		eqv_numbers_free(eqv_at(&eq->flows, i));
	eqv_table_cleanup(&eq->flows);
	eqv_table_cleanup(&eq->pairs);
	eqv_table_cleanup(&eq->told);
}
