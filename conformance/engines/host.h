/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host.h - an engine of a shared object, in a process of its own
 *
 * Parent and child share a piece of memory and take turns: the parent puts
 * a call there and gives the turn away, the child puts the answer there and
 * gives it back. An answer with more results than there is room for comes
 * in several turns, so there is one exchange for a stimulus and its results.
 * Who waits looks for a few microseconds, then sleeps on a semaphore.
 *
 * The stimulus ends at a page that cannot be read, on pages that the child
 * cannot write: an engine that reads behind the packet, or writes to it,
 * is caught, whatever it was compiled with. (Packets begin at a multiple of
 * four, so up to three octets behind one are readable.)
 *
 * The child may do to the shared memory what it likes. The parent reads
 * each number there once, and checks it.
 */
#ifndef CONFORMANCE_HOST_H
#define CONFORMANCE_HOST_H

#include <semaphore.h>
#include <stdatomic.h>

#include "where.h"

#define HOST_MAX_STIMULUS (256u * 1024) /* octets, whole pages */
#define HOST_ROOM         (256u * 1024) /* octets of results in a turn */
#define HOST_SLOTS        256u          /* results in a turn */
#define HOST_NAME         64u

/* Whose turn it is. */
enum host_turn {
	HOST_PARENT = 0,
	HOST_CHILD = 1,
};

enum host_answer {
	HOST_DONE = 0, /* the call has ended: status */
	HOST_MORE,     /* there are more results, or there is more text */
	HOST_REFUSED,  /* what the engine did cannot be: text says it */
};

/* What a crash was about, as far as its address tells. */
enum host_fault {
	HOST_FAULT_OTHER = 0,
	HOST_FAULT_WRITE,  /* of the stimulus */
	HOST_FAULT_BEHIND, /* it was read */
};

struct host_result {
	uint64_t now;
	uint32_t side;
	uint32_t offset, len; /* in room */
	uint8_t own_error, has_src_mac, has_dst_mac;
	uint8_t src_mac[6], dst_mac[6];
};

/* How often to look before sleeping. */
struct host_spin {
	unsigned int max, now;
	unsigned int num_calls;
};

/* One who waits for the turn. */
struct host_waiter {
	sem_t wake;
	_Atomic uint32_t sleeps;
};

struct host_shared {
	_Atomic uint32_t turn;
	struct host_waiter waiters[2]; /* by enum host_turn */

	/* The call. */
	uint32_t call; /* enum where_call */
	uint32_t side, cast, len, what;
	uint64_t now;
	uint8_t has_src_mac, src_mac[6];

	/* The answer. */
	uint32_t answer; /* enum host_answer */
	uint32_t status; /* enum conf_status, of the engine */
	uint32_t num;    /* results */
	uint32_t used;   /* octets of room */
	char text[CONF_ERROR_SIZE];

	/* To an open. */
	uint32_t capabilities;
	char name[HOST_NAME];

	/* Last words. */
	_Atomic int32_t signal;
	_Atomic uint32_t fault;

	struct host_result results[HOST_SLOTS];
	uint8_t room[HOST_ROOM];
};

/* What the child is to do; of the parent's memory, which fork() copies. */
struct host_job {
	struct host_shared *shared;
	uint8_t *stimulus; /* HOST_MAX_STIMULUS octets, then a page */
	size_t page;
	unsigned int spin; /* looks, at most */
	const char *path;  /* of the shared object */
	const struct conf_config *config;
};

/* Where a stimulus of len octets begins. */
static inline uint8_t *host_place(uint8_t *stimulus, uint32_t len)
{
	return stimulus + ((HOST_MAX_STIMULUS - len) & ~3u);
}

/* Gives the turn to the other. */
void host_give(struct host_shared *shared, enum host_turn to);
/*
 * Looks whether it is the turn of me, for a while; false: no. Looking is of
 * use only while the other runs on another processor: when it was in vain,
 * less of it is done the next time.
 */
bool host_spin(const struct host_shared *shared, enum host_turn me,
	       struct host_spin *spin);

/* The life of the child. */
_Noreturn void host_child(const struct host_job *job);

#endif /* CONFORMANCE_HOST_H */
