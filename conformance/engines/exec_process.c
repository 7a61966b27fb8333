/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exec_process.c - starting and ending a program, and talking to it
 *
 * Both pipes are non-blocking here, and every wait has the deadline of the
 * call. The program leads a process group of its own, so that a pipeline
 * dies as a whole.
 */
#define _GNU_SOURCE /* pipe2(), fopencookie(), memfd_create() */

#include "exec.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The settings as the program finds them. */
#define SETTINGS_FD   3
#define SETTINGS_PATH "/dev/fd/3"

/* Octets that a program may write before it reads. */
#define MAX_EARLY (16u << 20)

/* ms that a program has to end when its input does. */
#define GRACE 200

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int exec_settings(const struct conf_config *config)
{
	int fd = memfd_create("masqcheck-config", 0);
	FILE *file = fd >= 0 ? fdopen(fd, "w") : NULL;
	bool good = file != NULL;
	int copy = -1;

	if (file == NULL) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	fputs("# the router; what is not here has its default, as "
	      "\"masqcheck help config\" says\n",
	      file);
	for (size_t i = 0; i < config->num_settings; i++)
		fprintf(file, "%s = %s\n", config->settings[i].key,
			config->settings[i].value);
	good = fflush(file) == 0 && lseek(fd, 0, SEEK_SET) == 0;
	if (good)
		copy = fcntl(fd, F_DUPFD_CLOEXEC, SETTINGS_FD + 1);
	fclose(file);
	return copy;
}

/* ---- life and death ---------------------------------------------------- */

/* What the program inherits, and nothing else. */
static void set_up(const int in[2], const int out[2], int settings,
		   uint64_t seed, pid_t parent)
{
	char number[24];

	setpgid(0, 0);
	/* It must not live on when masqcheck is killed. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent)
		_exit(127);
	/* The pipes first: they may be 0, 1 or 3 themselves. */
	if (dup2(fcntl(in[0], F_DUPFD, 10), STDIN_FILENO) < 0 ||
	    dup2(fcntl(out[1], F_DUPFD, 10), STDOUT_FILENO) < 0 ||
	    dup2(settings, SETTINGS_FD) < 0)
		_exit(127);
	close_range(SETTINGS_FD + 1, ~0u, 0);
	for (int i = 1; i < NSIG; i++)
		signal(i, SIG_DFL);
	snprintf(number, sizeof(number), "%" PRIu64, seed);
	setenv("MASQCHECK_CONFIG", SETTINGS_PATH, 1);
	setenv("MASQCHECK_SEED", number, 1);
}

/*
 * A simple command takes the place of the shell, so that its death is seen
 * as it was, and comes with ours. What is more than that is the shell's.
 */
static bool is_simple(const char *command)
{
	size_t word = strcspn(command, " \t");

	return strpbrk(command, "|&;()<>`$\n") == NULL &&
	       memchr(command, '=', word) == NULL;
}

_Noreturn static void run_shell(const char *command)
{
	size_t size = strlen(command) + sizeof("exec ");
	char *line = malloc(size);

	if (line != NULL) {
		snprintf(line, size, "%s%s", is_simple(command) ? "exec " : "",
			 command);
		execl("/bin/sh", "sh", "-c", line, (char *)NULL);
	}
	_exit(127);
}

static void close_pipe(const int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

bool exec_start(struct exec_process *p, const char *command, int settings,
		uint64_t seed)
{
	pid_t parent = getpid();
	int in[2], out[2];

	/* A program that is gone is an error of write(), not our death. */
	signal(SIGPIPE, SIG_IGN);
	if (pipe2(in, O_CLOEXEC) != 0)
		return false;
	if (pipe2(out, O_CLOEXEC) != 0) {
		close_pipe(in);
		return false;
	}
	fflush(NULL);
	p->pid = fork();
	if (p->pid == 0) {
		set_up(in, out, settings, seed, parent);
		run_shell(command);
	}
	if (p->pid < 0) {
		p->pid = 0;
		close_pipe(in);
		close_pipe(out);
		return false;
	}
	setpgid(p->pid, p->pid); /* whoever is first */
	close(in[0]);
	close(out[1]);
	p->to = in[1];
	p->from = out[0];
	p->end = EXEC_ALIVE;
	p->early_at = p->early_len = 0;
	p->total = 0;
	fcntl(p->to, F_SETFL, O_NONBLOCK);
	fcntl(p->from, F_SETFL, O_NONBLOCK);
	return true;
}

/* Waits for its end; false: it has not come in time. */
static bool wait_end(pid_t pid, int *status)
{
	const struct timespec nap = {.tv_nsec = 300000};
	int64_t deadline = now_ms() + GRACE;

	for (;;) {
		pid_t gone = waitpid(pid, status, WNOHANG);

		if (gone == pid || (gone < 0 && errno == ECHILD))
			return true;
		if (now_ms() >= deadline)
			return false;
		nanosleep(&nap, NULL);
	}
}

bool exec_stop(struct exec_process *p, int *out_status)
{
	bool by_itself;

	*out_status = 0;
	if (p->pid == 0)
		return true;
	close(p->to);
	close(p->from);
	by_itself = p->end != EXEC_TIMEOUT && p->end != EXEC_FLOOD &&
		    wait_end(p->pid, out_status);
	/* What it left behind too. */
	kill(-p->pid, SIGKILL);
	if (!by_itself)
		while (waitpid(p->pid, out_status, 0) < 0 && errno == EINTR)
			;
	p->pid = 0;
	free(p->early);
	p->early = NULL;
	p->early_at = p->early_len = p->early_cap = 0;
	return by_itself;
}

void exec_arm(struct exec_process *p, uint32_t timeout)
{
	p->deadline = now_ms() + timeout;
}

/* ---- talking ----------------------------------------------------------- */

static bool fail(struct exec_process *p, enum exec_end end, int number)
{
	p->end = end;
	p->number = number;
	return false;
}

/* Waits until it can be read, or (for_write) written too. */
static bool wait_for(struct exec_process *p, bool for_write, bool *out_readable)
{
	struct pollfd fds[2] = {
		{.fd = p->from, .events = POLLIN},
		{.fd = for_write ? p->to : -1, .events = POLLOUT},
	};
	int64_t left;
	int num;

	for (;;) {
		left = p->deadline - now_ms();
		if (left <= 0)
			return fail(p, EXEC_TIMEOUT, 0);
		num = poll(fds, 2, (int)left);
		if (num > 0)
			break;
		if (num < 0 && errno != EINTR)
			return fail(p, EXEC_SYSTEM, errno);
	}
	*out_readable = fds[0].revents != 0;
	return true;
}

/* Keeps what comes while we are writing. */
static bool read_early(struct exec_process *p)
{
	ssize_t n;

	if (p->early_cap - p->early_len < EXEC_BUFFER) {
		size_t cap = p->early_cap * 2 + EXEC_BUFFER;
		uint8_t *more = cap <= MAX_EARLY ? realloc(p->early, cap)
						 : NULL;

		if (more == NULL)
			return fail(p, EXEC_FLOOD, 0);
		p->early = more;
		p->early_cap = cap;
	}
	n = read(p->from, p->early + p->early_len, EXEC_BUFFER);
	if (n == 0)
		return fail(p, EXEC_GONE, 0);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		return fail(p, EXEC_SYSTEM, errno);
	if (n > 0) {
		p->early_len += (size_t)n;
		p->total += (uint64_t)n;
	}
	return true;
}

const char *exec_put(void *ctx, const uint8_t *data, size_t len)
{
	struct exec_process *p = ctx;
	bool readable;

	while (len > 0 && p->end == EXEC_ALIVE) {
		ssize_t n = write(p->to, data, len);

		if (n >= 0) {
			data += n;
			len -= (size_t)n;
		} else if (errno == EPIPE) {
			return NULL; /* what it wrote before says more */
		} else if (errno == EAGAIN) {
			if (wait_for(p, true, &readable) && readable)
				read_early(p);
		} else if (errno != EINTR) {
			fail(p, EXEC_SYSTEM, errno);
		}
	}
	return p->end == EXEC_ALIVE ? NULL : "the program does not read";
}

/* For fopencookie(): what has come, or waits for it. */
static ssize_t take(void *cookie, char *out, size_t size)
{
	struct exec_process *p = cookie;
	size_t early = p->early_len - p->early_at;
	bool readable;
	ssize_t n;

	if (early > 0) {
		early = early < size ? early : size;
		memcpy(out, p->early + p->early_at, early);
		p->early_at += early;
		if (p->early_at == p->early_len)
			p->early_at = p->early_len = 0;
		return (ssize_t)early;
	}
	while (p->end == EXEC_ALIVE) {
		if (!wait_for(p, false, &readable))
			break;
		n = read(p->from, out, size);
		if (n > 0) {
			p->total += (uint64_t)n;
			return n;
		}
		if (n == 0)
			fail(p, EXEC_GONE, 0);
		else if (errno != EAGAIN && errno != EINTR)
			fail(p, EXEC_SYSTEM, errno);
	}
	if (p->end == EXEC_GONE)
		return 0;
	errno = EIO;
	return -1;
}

FILE *exec_stream(struct exec_process *p)
{
	const cookie_io_functions_t functions = {.read = take};

	return fopencookie(p, "rb", functions);
}
