/* SPDX-License-Identifier: Apache-2.0 */
/* host_turn.c - taking turns on shared memory */
#include "host.h"

/* Every so many calls it is tried whether looking pays again. */
#define TRIAL 256u

/* Tells the processor that this is a loop that waits. */
static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#else
	atomic_signal_fence(memory_order_seq_cst);
#endif
}

/*
 * Either the waiter sees the turn after it has said that it sleeps, or the
 * giver sees that it sleeps: all of this is sequentially consistent. A wake
 * too many costs the waiter one more look.
 */
void host_give(struct host_shared *shared, enum host_turn to)
{
	struct host_waiter *waiter = &shared->waiters[to];

	atomic_store(&shared->turn, to);
	if (atomic_exchange(&waiter->sleeps, 0) != 0)
		sem_post(&waiter->wake);
}

bool host_spin(const struct host_shared *shared, enum host_turn me,
	       struct host_spin *spin)
{
	bool is_trial = ++spin->num_calls % TRIAL == 0;
	unsigned int rounds = is_trial ? spin->max : spin->now;

	for (unsigned int i = 0; i < rounds; i++) {
		if (atomic_load(&shared->turn) == me) {
			spin->now = spin->max;
			return true;
		}
		relax();
	}
	spin->now /= 2;
	return atomic_load(&shared->turn) == me;
}
