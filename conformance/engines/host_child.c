/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_child.c - the child that an engine of a shared object lives in
 *
 * It loads the engine, checks its table, and serves calls until it is told
 * to close. What the engine emits is checked here, where its pointers mean
 * something. The engine has the child for itself: of the files of masqcheck
 * none is open but standard error, which is its standard output as well.
 */
#define _GNU_SOURCE /* close_range(), sigaltstack() */

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "host.h"

/* Octets of a stack for the signal handler. */
#define HANDLER_STACK (64u * 1024)

struct child {
	const struct host_job *job;
	struct host_shared *shared;
	const struct conf_engine_ops *ops;
	void *engine;
	bool in_call;         /* emit and text may be called */
	bool refused;         /* the answer is known: HOST_REFUSED */
	uint64_t clock;       /* ns: the latest time that the engine was told */
	uint32_t num_results; /* of this call */
	struct host_spin spin;
};

static const int fatal[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS};
#define NUM_FATAL (sizeof(fatal) / sizeof(fatal[0]))

/* A signal handler has no argument of its own. */
static const struct host_job *handled_job;
static struct sigaction old_actions[NUM_FATAL];

static bool is_within(const void *at, const uint8_t *from, size_t len)
{
	uintptr_t a = (uintptr_t)at, f = (uintptr_t)from;

	return a >= f && a - f < len;
}

/*
 * Leaves a note for the parent, and then lets happen what would have
 * happened: a sanitizer's report, or death. On return the instruction is
 * tried again; a signal that somebody sent has to be sent again.
 */
static void on_fatal(int number, siginfo_t *info, void *context)
{
	const struct host_job *job = handled_job;
	uint32_t fault = HOST_FAULT_OTHER;

	(void)context;
	if (number == SIGSEGV || number == SIGBUS) {
		if (is_within(info->si_addr, job->stimulus, HOST_MAX_STIMULUS))
			fault = HOST_FAULT_WRITE;
		else if (is_within(info->si_addr,
				   job->stimulus + HOST_MAX_STIMULUS,
				   job->page))
			fault = HOST_FAULT_BEHIND;
	}
	atomic_store(&job->shared->fault, fault);
	atomic_store(&job->shared->signal, number);
	for (size_t i = 0; i < NUM_FATAL; i++)
		if (fatal[i] == number)
			sigaction(number, &old_actions[i], NULL);
	if (info->si_code <= 0)
		raise(number);
}

/* Also for an engine that has used its stack up. */
static void give_handler_stack(void)
{
	static uint8_t stack[HANDLER_STACK];
	stack_t old, own = {.ss_sp = stack, .ss_size = sizeof(stack)};

	if (sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_DISABLE) != 0)
		sigaltstack(&own, NULL);
}

static void set_signals(const struct host_job *job)
{
	struct sigaction action = {.sa_sigaction = on_fatal,
				   .sa_flags = SA_SIGINFO | SA_ONSTACK};

	signal(SIGINT, SIG_IGN); /* the parent decides */
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	handled_job = job;
	give_handler_stack();
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < NUM_FATAL; i++)
		sigaction(fatal[i], &action, &old_actions[i]);
}

/* Standard output of an engine must not get into that of masqcheck. */
static void close_files(void)
{
	int null = open("/dev/null", O_RDWR);

	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		if (dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
			dup2(null, STDOUT_FILENO);
	}
	close_range(3, ~0u, 0);
}

static void protect_stimulus(const struct host_job *job)
{
	if (mprotect(job->stimulus, HOST_MAX_STIMULUS, PROT_READ) != 0 ||
	    mprotect(job->stimulus + HOST_MAX_STIMULUS, job->page, PROT_NONE) !=
		    0)
		_exit(3);
}

/* ---- turns ------------------------------------------------------------- */

static void wait_turn(struct child *c)
{
	struct host_waiter *waiter = &c->shared->waiters[HOST_CHILD];

	while (!host_spin(c->shared, HOST_CHILD, &c->spin)) {
		atomic_store(&waiter->sleeps, 1);
		if (atomic_load(&c->shared->turn) != HOST_CHILD)
			while (sem_wait(&waiter->wake) != 0 && errno == EINTR)
				;
	}
}

static void answer(struct child *c, enum host_answer kind)
{
	c->shared->answer = kind;
	host_give(c->shared, HOST_PARENT);
}

static void clear_room(struct child *c)
{
	c->shared->num = 0;
	c->shared->used = 0;
}

/* The room is full: the parent takes what there is. */
static void send_more(struct child *c)
{
	answer(c, HOST_MORE);
	wait_turn(c);
	clear_room(c);
}

/* The engine did what cannot be; the first such thing counts. */
static void refuse(struct child *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void refuse(struct child *c, const char *format, ...)
{
	va_list args;

	if (c->refused)
		return;
	c->refused = true;
	va_start(args, format);
	vsnprintf(c->shared->text, sizeof(c->shared->text), format, args);
	va_end(args);
}

/* ---- what the engine emits --------------------------------------------- */

static bool check_result(struct child *c, const struct conf_packet *r)
{
	uint32_t n = c->num_results;

	if (!c->in_call)
		refuse(c, "the engine emitted a packet outside of a call");
	else if (r == NULL)
		refuse(c, "the engine's result %" PRIu32 " is NULL", n);
	else if (r->side != CONF_INSIDE && r->side != CONF_OUTSIDE)
		refuse(c,
		       "the engine's result %" PRIu32 " leaves by side %u; "
		       "there are 1 (inside) and 2 (outside)",
		       n, (unsigned int)r->side);
	else if (r->data == NULL)
		refuse(c, "the engine's result %" PRIu32 " has data NULL", n);
	else if (r->len == 0 || r->len > WHERE_MAX_RESULT)
		refuse(c,
		       "the engine's result %" PRIu32 " has %" PRIu32
		       " octets; packets have 1 to 65535",
		       n, r->len);
	else if (r->now > c->clock)
		refuse(c,
		       "the engine's result %" PRIu32 " has the time %" PRIu64
		       " ns, and now is %" PRIu64,
		       n, r->now, c->clock);
	return !c->refused;
}

/* A conf_emit_fn. */
static void on_result(void *ctx, const struct conf_packet *r)
{
	struct child *c = ctx;
	struct host_shared *s = c->shared;
	struct host_result *slot;

	c->num_results++;
	if (c->refused || !check_result(c, r))
		return;
	if (s->num == HOST_SLOTS || HOST_ROOM - s->used < r->len)
		send_more(c);
	slot = &s->results[s->num];
	*slot = (struct host_result){
		.now = r->now,
		.side = r->side,
		.offset = s->used,
		.len = r->len,
		.own_error = r->own_error,
		.has_src_mac = r->src_mac != NULL,
		.has_dst_mac = r->dst_mac != NULL,
	};
	if (r->src_mac != NULL)
		memcpy(slot->src_mac, r->src_mac, 6);
	if (r->dst_mac != NULL)
		memcpy(slot->dst_mac, r->dst_mac, 6);
	memcpy(s->room + s->used, r->data, r->len);
	s->used += r->len;
	s->num++;
}

/* A conf_text_fn. */
static void on_text(void *ctx, const char *text, size_t len)
{
	struct child *c = ctx;
	struct host_shared *s = c->shared;

	if (c->refused || len == 0)
		return;
	if (text == NULL) {
		refuse(c, "the engine's dump has a piece of NULL");
		return;
	}
	while (len > 0) {
		size_t room = HOST_ROOM - s->used;
		size_t part = len < room ? len : room;

		memcpy(s->room + s->used, text, part);
		s->used += (uint32_t)part;
		text += part;
		len -= part;
		if (len > 0)
			send_more(c);
	}
}

/* ---- opening ----------------------------------------------------------- */

/* Is there each function that there must be? */
static const char *missing_function(const struct conf_engine_ops *ops)
{
	return ops->open == NULL     ? "open"
	       : ops->reset == NULL  ? "reset"
	       : ops->packet == NULL ? "packet"
	       : ops->dump == NULL && (ops->capabilities & CONF_CAN_DUMP) != 0
		       ? "dump"
	       : ops->close == NULL ? "close"
				    : NULL;
}

static bool check_table(struct child *c)
{
	const struct conf_engine_ops *ops = c->ops;
	uint32_t known = (CONF_CAN_MARK_ERRORS << 1) - 1;
	const char *missing;

	if (ops == NULL) {
		refuse(c, CONF_ENGINE_SYMBOL "() returned NULL; expected a "
					     "struct conf_engine_ops");
		return false;
	}
	if (ops->abi_version != CONF_ENGINE_ABI) {
		refuse(c,
		       "the engine has ABI version %" PRIu32
		       ", this masqcheck %u: build it with the engine.h of "
		       "this masqcheck",
		       ops->abi_version, CONF_ENGINE_ABI);
		return false;
	}
	if (ops->size < sizeof(*ops)) {
		refuse(c,
		       "the engine's table says size %" PRIu32
		       ", it has to be %zu: set .size = sizeof(struct "
		       "conf_engine_ops)",
		       ops->size, sizeof(*ops));
		return false;
	}
	missing = missing_function(ops);
	if (missing != NULL)
		refuse(c,
		       "the engine's function %s is NULL; see engine.h for what may be",
		       missing);
	else if (ops->name == NULL)
		refuse(c, "the engine's name is NULL");
	else if ((ops->capabilities & ~known) != 0)
		refuse(c,
		       "the engine has capabilities 0x%" PRIx32
		       ", of which masqcheck knows 0x%" PRIx32,
		       ops->capabilities, known);
	return !c->refused;
}

static bool load(struct child *c)
{
	void *object = dlopen(c->job->path, RTLD_NOW | RTLD_LOCAL);
	conf_engine_fn *get = NULL;

	if (object == NULL) {
		const char *why = dlerror();

		refuse(c, "%s", why != NULL ? why : "cannot be loaded");
		return false;
	}
	/* ISO C has no way from an object pointer to a function's. */
	*(void **)&get = dlsym(object, CONF_ENGINE_SYMBOL);
	if (get == NULL) {
		refuse(c, "it does not export " CONF_ENGINE_SYMBOL
			  "(): see engine.h");
		return false;
	}
	c->ops = get();
	return check_table(c);
}

static enum conf_status open_engine(struct child *c)
{
	struct host_shared *s = c->shared;
	char error[CONF_ERROR_SIZE] = "";
	enum conf_status status;

	if (!load(c))
		return CONF_ERR_ENGINE;
	status = c->ops->open(c->job->config, &c->engine, error, sizeof(error));
	if (status == CONF_OK && c->engine == NULL)
		refuse(c, "the engine's open() succeeded with no engine");
	s->capabilities = c->ops->capabilities;
	snprintf(s->name, sizeof(s->name), "%s", c->ops->name);
	error[sizeof(error) - 1] = '\0';
	if (status != CONF_OK && !c->refused)
		snprintf(s->text, sizeof(s->text), "%s",
			 error[0] != '\0' ? error
					  : "the engine does not say why it "
					    "cannot be opened");
	return status;
}

/* ---- calls ------------------------------------------------------------- */

static enum conf_status packet(struct child *c)
{
	struct host_shared *s = c->shared;
	const struct conf_packet stimulus = {
		.side = (enum conf_side)s->side,
		.cast = (enum conf_cast)s->cast,
		.now = s->now,
		.data = host_place(c->job->stimulus, s->len),
		.len = s->len,
		.src_mac = s->has_src_mac ? s->src_mac : NULL,
	};

	c->clock = s->now;
	return c->ops->packet(c->engine, &stimulus, on_result, c);
}

static enum conf_status call(struct child *c)
{
	switch ((enum where_call)c->shared->call) {
	case WHERE_OPEN:
		return open_engine(c);
	case WHERE_RESET:
		return c->ops->reset(c->engine);
	case WHERE_PACKET:
		return packet(c);
	case WHERE_ADVANCE:
		c->clock = c->shared->now;
		return c->ops->advance == NULL
			       ? CONF_OK
			       : c->ops->advance(c->engine, c->clock, on_result,
						 c);
	case WHERE_DUMP:
		return c->ops->dump == NULL
			       ? CONF_ERR_UNSUPPORTED
			       : c->ops->dump(c->engine,
					      (enum conf_dump)c->shared->what,
					      on_text, c);
	case WHERE_CLOSE:
		c->ops->close(c->engine);
		return CONF_OK;
	}
	return CONF_ERR_UNSUPPORTED;
}

/* What the engine says about a failure of its own. */
static void ask_error(struct child *c)
{
	const char *text = c->ops->error != NULL ? c->ops->error(c->engine)
						 : NULL;

	snprintf(c->shared->text, sizeof(c->shared->text), "%s",
		 text != NULL ? text : "the engine failed");
}

static void serve(struct child *c)
{
	uint32_t kind = c->shared->call;
	enum conf_status status;

	clear_room(c);
	c->num_results = 0;
	c->in_call = kind == WHERE_PACKET || kind == WHERE_ADVANCE;
	status = call(c);
	c->in_call = false;
	if ((unsigned int)status > CONF_ERR_UNSUPPORTED)
		refuse(c, "the engine returned %d, which is no conf_status",
		       (int)status);
	if (status == CONF_ERR_ENGINE && kind != WHERE_OPEN && !c->refused)
		ask_error(c);
	c->shared->status = status;
	answer(c, c->refused ? HOST_REFUSED : HOST_DONE);
	if (kind == WHERE_CLOSE)
		_exit(0);
}

void host_child(const struct host_job *job)
{
	struct child c = {
		.job = job, .shared = job->shared, .spin = {.max = job->spin}};

	close_files();
	protect_stimulus(job);
	set_signals(job);
	for (;;) {
		wait_turn(&c);
		serve(&c);
	}
}
