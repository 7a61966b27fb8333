/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_process.c - programs as children: started, listened to, ended */
#define _GNU_SOURCE /* pipe2, vasprintf */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

/* ---- Arguments ---- */

static char *format_text(const char *format, va_list list)
{
	char *text;

	return vasprintf(&text, format, list) < 0 ? NULL : text;
}

void fuzz_arg(struct fuzz_args *args, const char *format, ...)
{
	size_t max = sizeof(args->argv) / sizeof(args->argv[0]) - 1;
	va_list list;

	if (args->num >= max) {
		args->failed = true;
		return;
	}
	va_start(list, format);
	args->argv[args->num] = format_text(format, list);
	va_end(list);
	if (args->argv[args->num] == NULL)
		args->failed = true;
	else
		args->num++;
}

void fuzz_env(struct fuzz_args *args, const char *format, ...)
{
	size_t max = sizeof(args->env) / sizeof(args->env[0]);
	va_list list;

	if (args->num_env >= max) {
		args->failed = true;
		return;
	}
	va_start(list, format);
	args->env[args->num_env] = format_text(format, list);
	va_end(list);
	if (args->env[args->num_env] == NULL)
		args->failed = true;
	else
		args->num_env++;
}

void fuzz_env_value(struct fuzz_args *args, const char *name, const char *value)
{
	if (value != NULL)
		fuzz_env(args, "%s=%s", name, value);
}

void fuzz_args_cleanup(struct fuzz_args *args)
{
	for (size_t i = 0; i < args->num; i++)
		free(args->argv[i]);
	for (size_t i = 0; i < args->num_env; i++)
		free(args->env[i]);
	*args = (struct fuzz_args){.num = 0};
}

/* ---- The child ---- */

static void settle(int out, bool own_group, pid_t parent)
{
	int null = open("/dev/null", O_RDONLY);

	if (own_group)
		(void)setpgid(0, 0);
	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGHUP, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	if (null >= 0)
		(void)dup2(null, STDIN_FILENO);
	(void)dup2(out, STDOUT_FILENO);
	(void)dup2(out, STDERR_FILENO);
}

/* Where the user has none of his own: as reports should look. */
static void set_defaults(void)
{
	(void)setenv("UBSAN_OPTIONS", "print_stacktrace=1:halt_on_error=1", 0);
}

_Noreturn static void live(const struct fuzz_args *args, int out, int tell,
			   bool own_group, pid_t parent)
{
	int error;

	settle(out, own_group, parent);
	set_defaults();
	for (size_t i = 0; i < args->num_env; i++)
		if (strchr(args->env[i], '=') != NULL)
			(void)putenv(args->env[i]);
		else
			(void)unsetenv(args->env[i]);
	execvp(args->argv[0], args->argv);
	error = errno;
	(void)!write(tell, &error, sizeof(error));
	_exit(127);
}

/* Did the program begin? What comes through the pipe is why not. */
static bool has_begun(int fd, pid_t pid, const char *path,
		      char error[CONF_ERROR_SIZE])
{
	int reason = 0;
	ssize_t n;

	do
		n = read(fd, &reason, sizeof(reason));
	while (n < 0 && errno == EINTR);
	close(fd);
	if (n == 0)
		return true;
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	snprintf(error, CONF_ERROR_SIZE, "%.300s: %s", path, strerror(reason));
	return false;
}

static bool start(const struct fuzz_args *args, bool own_group, pid_t *out_pid,
		  int *out_fd, char error[CONF_ERROR_SIZE])
{
	int out[2], tell[2];
	pid_t parent = getpid();

	if (args->failed || args->num == 0) {
		snprintf(error, CONF_ERROR_SIZE, "no memory for arguments");
		return false;
	}
	if (pipe2(out, O_CLOEXEC) != 0 || pipe2(tell, O_CLOEXEC) != 0) {
		snprintf(error, CONF_ERROR_SIZE, "pipe: %s", strerror(errno));
		return false;
	}
	fflush(NULL);
	*out_pid = fork();
	if (*out_pid == 0)
		live(args, out[1], tell[1], own_group, parent);
	close(out[1]);
	close(tell[1]);
	*out_fd = out[0];
	if (*out_pid < 0) {
		snprintf(error, CONF_ERROR_SIZE, "fork: %s", strerror(errno));
		close(tell[0]);
	} else if (has_begun(tell[0], *out_pid, args->argv[0], error)) {
		return true;
	}
	close(out[0]);
	return false;
}

bool fuzz_start(const struct fuzz_args *args, pid_t *out_pid, int *out_fd,
		char error[CONF_ERROR_SIZE])
{
	return start(args, true, out_pid, out_fd, error);
}

/* ---- What it prints ---- */

/* Room for more: of a long text the middle is forgotten. */
static void make_room(struct fuzz_output *o)
{
	size_t gone = (FUZZ_OUTPUT_SIZE - FUZZ_OUTPUT_HEAD) / 2;

	if (FUZZ_OUTPUT_SIZE - o->len > 4096)
		return;
	memmove(o->text + FUZZ_OUTPUT_HEAD, o->text + FUZZ_OUTPUT_HEAD + gone,
		o->len - FUZZ_OUTPUT_HEAD - gone);
	o->len -= gone;
	o->is_cut = true;
}

/* One piece; false at the end. */
static bool take(struct fuzz_output *o, int fd)
{
	ssize_t n;

	make_room(o);
	n = read(fd, o->text + o->len, FUZZ_OUTPUT_SIZE - o->len - 1);
	if (n < 0)
		return errno == EINTR;
	/* A NUL in it would hide what is behind it. */
	for (ssize_t i = 0; i < n; i++)
		if (o->text[o->len + (size_t)i] == '\0')
			o->text[o->len + (size_t)i] = '?';
	o->len += (size_t)n;
	return n > 0;
}

/* Until it closes the pipe, or for too long. */
static void listen_to(struct fuzz_output *o, int fd, uint64_t deadline)
{
	for (;;) {
		struct pollfd p = {.fd = fd, .events = POLLIN};
		uint64_t now = fuzz_now_ms();
		int ready;

		if (now >= deadline || fuzz_interrupted > 1) {
			o->timed_out = true;
			return;
		}
		ready = poll(&p, 1,
			     deadline - now > 200 ? 200
						  : (int)(deadline - now));
		if (ready > 0 && !take(o, fd))
			return;
	}
}

/* Waits for the end, which closing the pipe need not be. */
static void wait_for(struct fuzz_output *o, pid_t pid, bool own_group,
		     uint64_t deadline)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	pid_t over = 0;

	while (!o->timed_out) {
		over = waitpid(pid, &o->status, WNOHANG);
		if (over != 0)
			break;
		if (fuzz_now_ms() >= deadline)
			o->timed_out = true;
		(void)nanosleep(&pause, NULL);
	}
	/* Also what it has started itself. */
	if (own_group)
		(void)kill(-pid, SIGKILL);
	if (over != 0)
		return;
	(void)kill(pid, SIGKILL);
	while (waitpid(pid, &o->status, 0) < 0 && errno == EINTR)
		;
}

bool fuzz_collect(const struct fuzz_args *args, unsigned int milliseconds,
		  bool in_group, struct fuzz_output *out,
		  char error[CONF_ERROR_SIZE])
{
	uint64_t deadline = fuzz_now_ms() + milliseconds;
	pid_t pid;
	int fd;

	*out = (struct fuzz_output){.text = malloc(FUZZ_OUTPUT_SIZE)};
	if (out->text == NULL) {
		snprintf(error, CONF_ERROR_SIZE, "no memory");
		return false;
	}
	if (!start(args, !in_group, &pid, &fd, error)) {
		fuzz_output_cleanup(out);
		return false;
	}
	listen_to(out, fd, deadline);
	wait_for(out, pid, !in_group, deadline);
	close(fd);
	out->text[out->len] = '\0';
	return true;
}

void fuzz_output_cleanup(struct fuzz_output *output)
{
	free(output->text);
	*output = (struct fuzz_output){.text = NULL};
}
