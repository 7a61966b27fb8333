/* SPDX-License-Identifier: Apache-2.0 */
/*
 * router.c - a network namespace with two TAP devices and rules between them
 *
 * Sockets and TAP devices stay in the namespace that they were made in. So
 * whoever may make namespaces goes into a new one for a moment, opens four
 * descriptors there and comes back; whoever may not has a child do it, in a
 * user namespace of its own, and hand the descriptors over. Either way the
 * router lives as long as they do, works from wherever their owner is, and
 * goes when he goes, however that happens. Nothing of the host is touched.
 *
 * TAP and not TUN: a frame says whether it was a broadcast, the forwarding
 * path looks at that. The devices have no ARP, so nobody has to answer.
 */
#define _GNU_SOURCE /* unshare */

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <nftables/libnftables.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "netfilter.h"

/* What the child says; the descriptors come with it if all went well. */
struct report {
	bool good;
	char error[CONF_ERROR_SIZE - 32];
};

static bool fail(struct report *report, const char *what, int error)
{
	snprintf(report->error, sizeof(report->error), "%s: %s", what,
		 strerror(error));
	return false;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int error = 0;

	if (fd < 0)
		return errno;
	if (write(fd, text, strlen(text)) < 0)
		error = errno;
	close(fd);
	return error;
}

/* As root of a user namespace, which has the network one. */
static bool enter(struct report *report)
{
	unsigned int uid = geteuid(), gid = getegid();
	char map[64];
	int error;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
		return fail(report, "no network namespace can be made", errno);
	error = write_file("/proc/self/setgroups", "deny");
	snprintf(map, sizeof(map), "0 %u 1", uid);
	if (error == 0 || error == ENOENT)
		error = write_file("/proc/self/uid_map", map);
	snprintf(map, sizeof(map), "0 %u 1", gid);
	if (error == 0)
		error = write_file("/proc/self/gid_map", map);
	return error == 0 || fail(report, "user namespace", error);
}

struct sysctl {
	const char *path; /* below /proc/sys/net */
	const char *value;
	bool optional; /* not every kernel has it */
};

static bool set_sysctl(const struct sysctl *sysctl, struct report *report)
{
	char path[128];
	int error;

	snprintf(path, sizeof(path), "/proc/sys/net/%s", sysctl->path);
	error = write_file(path, sysctl->value);
	return error == 0 || (error == ENOENT && sysctl->optional) ||
	       fail(report, path, error);
}

/*
 * Before there are devices, so that they inherit it. Packets must be worked
 * on by the CPU that writes them (rps): then all that a packet causes is
 * there when the write returns. No limit on the rate of ICMP errors, and
 * nothing that a router would say on its own.
 */
static bool set_sysctls(const struct nf_plan *plan, struct report *report)
{
	static const struct sysctl always[] = {
		{"core/rps_default_mask", "0", true},
		{"ipv6/conf/default/disable_ipv6", "1", true},
		{"ipv6/conf/all/disable_ipv6", "1", true},
		{"ipv4/conf/all/rp_filter", "0", false},
		{"ipv4/conf/default/rp_filter", "0", false},
		{"ipv4/conf/all/send_redirects", "0", false},
		{"ipv4/conf/default/send_redirects", "0", false},
		{"ipv4/conf/all/accept_redirects", "0", false},
		{"ipv4/conf/default/accept_redirects", "0", false},
		{"ipv4/icmp_ratemask", "0", false},
		{"ipv4/icmp_ratelimit", "0", false},
		{"ipv4/ip_forward", "1", false},
	};
	const struct {
		const char *path;
		uint32_t seconds;
	} timeouts[] = {
		{"netfilter/nf_conntrack_tcp_timeout_established",
		 plan->timeout_tcp},
		{"netfilter/nf_conntrack_tcp_timeout_fin_wait",
		 plan->timeout_tcp_fin},
		{"netfilter/nf_conntrack_udp_timeout", plan->timeout_udp},
		{"netfilter/nf_conntrack_udp_timeout_stream",
		 plan->timeout_udp},
	};
	char value[16];

	for (size_t i = 0; i < sizeof(always) / sizeof(always[0]); i++)
		if (!set_sysctl(&always[i], report))
			return false;
	for (size_t i = 0; i < sizeof(timeouts) / sizeof(timeouts[0]); i++) {
		const struct sysctl sysctl = {timeouts[i].path, value, false};

		snprintf(value, sizeof(value), "%u", timeouts[i].seconds);
		if (timeouts[i].seconds != 0 && !set_sysctl(&sysctl, report))
			return false;
	}
	return true;
}

/*
 * Persistent: closing a TAP device waits for other CPUs, some 60 ms, but the
 * end of a namespace takes its devices along without anybody waiting.
 */
static bool open_tap(const char *name, int *out_fd, struct report *report)
{
	struct ifreq request = {.ifr_flags = IFF_TAP | IFF_NO_PI};
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return fail(report, "/dev/net/tun", errno);
	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	*out_fd = fd;
	if (ioctl(fd, TUNSETIFF, &request) != 0 ||
	    ioctl(fd, TUNSETPERSIST, 1) != 0)
		return fail(report, "no TAP device can be made", errno);
	return true;
}

static bool set_device(const char *name, const struct nf_device *device,
		       struct report *report)
{
	int error = nf_link_up(name, device);

	if (error == 0)
		error = nf_link_address(name, device);
	return error == 0 || fail(report, name, error);
}

static bool load_rules(const struct nf_plan *plan, struct report *report)
{
	struct nft_ctx *nft = nft_ctx_new(NFT_CTX_DEFAULT);
	const char *text;

	if (nft == NULL)
		return fail(report, "libnftables", ENOMEM);
	nft_ctx_buffer_error(nft);
	nft_ctx_buffer_output(nft);
	if (nft_run_cmd_from_buffer(nft, plan->rules) == 0) {
		nft_ctx_free(nft);
		return true;
	}
	text = nft_ctx_get_error_buffer(nft);
	text += strspn(text, "\n");
	snprintf(report->error, sizeof(report->error),
		 "the kernel refuses the rules: %.*s", (int)strcspn(text, "\n"),
		 text);
	nft_ctx_free(nft);
	return false;
}

static bool open_netlink(int *out_fd, struct report *report)
{
	const struct sockaddr_nl self = {.nl_family = AF_NETLINK};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	*out_fd = fd;
	if (fd < 0 || bind(fd, (const struct sockaddr *)&self,
			   (socklen_t)sizeof(self)) != 0)
		return fail(report, "ctnetlink", errno);
	return true;
}

/* Told of each new connection, so that none has to be looked for. */
static bool open_events(int *out_fd, struct report *report)
{
	int group = NFNLGRP_CONNTRACK_NEW, size = 1 << 20;

	if (!open_netlink(out_fd, report))
		return false;
	/* More room if it may be had; less only costs time. */
	(void)setsockopt(*out_fd, SOL_SOCKET, SO_RCVBUFFORCE, &size,
			 (socklen_t)sizeof(size));
	if (setsockopt(*out_fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
		       (socklen_t)sizeof(group)) != 0 ||
	    fcntl(*out_fd, F_SETFL, O_NONBLOCK) != 0)
		return fail(report, "ctnetlink events", errno);
	return true;
}

static bool build(const struct nf_plan *plan, int fds[NF_NUM_FDS],
		  struct report *report)
{
	int error;

	if (!set_sysctls(plan, report) ||
	    !open_tap(NF_INSIDE_NAME, &fds[NF_FD_INSIDE], report) ||
	    !open_tap(NF_OUTSIDE_NAME, &fds[NF_FD_OUTSIDE], report) ||
	    !set_device(NF_INSIDE_NAME, &plan->device[NF_IN], report) ||
	    !set_device(NF_OUTSIDE_NAME, &plan->device[NF_OUT], report))
		return false;
	error = nf_link_up("lo", NULL);
	if (error == 0)
		error = nf_link_default_route(NF_OUTSIDE_NAME);
	if (error != 0)
		return fail(report, "default route", error);
	return load_rules(plan, report) &&
	       open_netlink(&fds[NF_FD_CONNTRACK], report) &&
	       open_events(&fds[NF_FD_EVENTS], report);
}

/* Room for the descriptors, aligned as it must be. */
union control {
	struct cmsghdr header;
	char room[CMSG_SPACE(NF_NUM_FDS * sizeof(int))];
};

/* The life of the child. */
static void make_and_hand_over(const struct nf_plan *plan, int socket_fd)
{
	struct report report = {.good = false};
	int fds[NF_NUM_FDS] = {-1, -1, -1, -1};
	union control control = {.room = {0}};
	struct iovec part = {&report, sizeof(report)};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	report.good = enter(&report) && build(plan, fds, &report);
	if (report.good) {
		message.msg_control = control.room;
		message.msg_controllen = sizeof(control.room);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(fds));
		memcpy(CMSG_DATA(&control.header), fds, sizeof(fds));
	}
	_exit(sendmsg(socket_fd, &message, 0) < 0 ? 1 : 0);
}

static enum conf_status take_over(struct nf_router *router, int socket_fd,
				  char error[CONF_ERROR_SIZE])
{
	struct report report = {.good = false};
	union control control = {.room = {0}};
	struct iovec part = {&report, sizeof(report)};
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.room,
		.msg_controllen = sizeof(control.room),
	};
	ssize_t n;

	do
		n = recvmsg(socket_fd, &message, MSG_CMSG_CLOEXEC);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(report)) {
		snprintf(error, CONF_ERROR_SIZE,
			 "netfilter: the process that makes the router died");
		return CONF_ERR_ENGINE;
	}
	if (!report.good) {
		report.error[sizeof(report.error) - 1] = '\0';
		snprintf(error, CONF_ERROR_SIZE, "netfilter: %s", report.error);
		return CONF_ERR_ENGINE;
	}
	if (control.header.cmsg_len != CMSG_LEN(sizeof(router->fd))) {
		snprintf(error, CONF_ERROR_SIZE,
			 "netfilter: too many open files");
		return CONF_ERR_ENGINE;
	}
	memcpy(router->fd, CMSG_DATA(&control.header), sizeof(router->fd));
	return CONF_OK;
}

static enum conf_status open_by_child(struct nf_router *router,
				      const struct nf_plan *plan,
				      char error[CONF_ERROR_SIZE])
{
	enum conf_status status = CONF_ERR_ENGINE;
	pid_t child, parent = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		snprintf(error, CONF_ERROR_SIZE, "netfilter: %s",
			 strerror(errno));
		return CONF_ERR_ENGINE;
	}
	fflush(NULL);
	child = fork();
	if (child == 0) {
		close(pair[0]);
		if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
		    getppid() != parent)
			_exit(1);
		make_and_hand_over(plan, pair[1]);
	}
	close(pair[1]);
	if (child < 0)
		snprintf(error, CONF_ERROR_SIZE, "netfilter: fork: %s",
			 strerror(errno));
	else
		status = take_over(router, pair[0], error);
	close(pair[0]);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return status;
}

/* Only this thread goes, and comes back to home whatever happens. */
static enum conf_status open_and_return(struct nf_router *router,
					const struct nf_plan *plan, int home,
					char error[CONF_ERROR_SIZE])
{
	struct report report = {.good = false};

	report.good = build(plan, router->fd, &report);
	if (setns(home, CLONE_NEWNET) != 0)
		report.good = fail(&report, "the way back", errno);
	if (report.good)
		return CONF_OK;
	nf_router_close(router);
	snprintf(error, CONF_ERROR_SIZE, "netfilter: %s", report.error);
	return CONF_ERR_ENGINE;
}

enum conf_status nf_router_open(struct nf_router *router,
				const struct nf_plan *plan,
				char error[CONF_ERROR_SIZE])
{
	enum conf_status status;
	int home = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	for (unsigned int i = 0; i < NF_NUM_FDS; i++)
		router->fd[i] = -1;
	if (home < 0) {
		snprintf(error, CONF_ERROR_SIZE,
			 "netfilter: no network namespace can be made: %s",
			 strerror(errno));
		return CONF_ERR_ENGINE;
	}
	/* Only if there is a way back: root of a user namespace has none. */
	if (setns(home, CLONE_NEWNET) == 0 && unshare(CLONE_NEWNET) == 0)
		status = open_and_return(router, plan, home, error);
	else
		status = open_by_child(router, plan, error);
	close(home);
	return status;
}

void nf_router_close(struct nf_router *router)
{
	for (unsigned int i = 0; i < NF_NUM_FDS; i++) {
		if (router->fd[i] >= 0)
			close(router->fd[i]);
		router->fd[i] = -1;
	}
}
