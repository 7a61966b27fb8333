/* SPDX-License-Identifier: Apache-2.0 */
/* link.c - devices, addresses and routes of the namespace, by rtnetlink */
#define _GNU_SOURCE /* struct ifreq */

#include <errno.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "conntrack.h"
#include "netfilter.h"

/* What a device may hold unread: a datagram in the smallest fragments. */
#define QUEUE_LEN 2048

static int set_hardware(int fd, struct ifreq *request,
			const struct nf_device *device)
{
	request->ifr_hwaddr.sa_family = ARPHRD_ETHER;
	memcpy(request->ifr_hwaddr.sa_data, device->mac, 6);
	if (ioctl(fd, SIOCSIFHWADDR, request) != 0)
		return errno;
	request->ifr_mtu = device->mtu;
	if (ioctl(fd, SIOCSIFMTU, request) != 0)
		return errno;
	request->ifr_qlen = QUEUE_LEN;
	/* Root of a user namespace may not; the usual 500 are there then. */
	if (ioctl(fd, SIOCSIFTXQLEN, request) != 0 && errno != EPERM)
		return errno;
	return 0;
}

int nf_link_up(const char *name, const struct nf_device *device)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_flags = 0};
	int error = 0;

	if (fd < 0)
		return errno;
	snprintf(request.ifr_name, IFNAMSIZ, "%s", name);
	if (device != NULL)
		error = set_hardware(fd, &request, device);
	if (error == 0 && ioctl(fd, SIOCGIFFLAGS, &request) != 0)
		error = errno;
	request.ifr_flags |= IFF_UP;
	if (device != NULL)
		request.ifr_flags |= IFF_NOARP;
	if (error == 0 && ioctl(fd, SIOCSIFFLAGS, &request) != 0)
		error = errno;
	close(fd);
	return error;
}

/*
 * One RTM_NEWADDR, never SIOCSIFADDR and then SIOCSIFNETMASK: that deletes
 * the address for a moment, and masquerading forgets the flows of an address
 * that went away some milliseconds later, when there are new ones.
 */
int nf_link_address(const char *name, const struct nf_device *device)
{
	_Alignas(struct nlmsghdr) char buffer[128];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct ifaddrmsg *body;
	uint8_t addr[4];

	message->nlmsg_type = RTM_NEWADDR;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE |
			       NLM_F_EXCL;
	body = mnl_nlmsg_put_extra_header(message, sizeof(*body));
	body->ifa_family = AF_INET;
	body->ifa_prefixlen = device->len;
	body->ifa_index = if_nametoindex(name);
	for (unsigned int i = 0; i < 4; i++)
		addr[i] = (uint8_t)(device->addr >> (24 - 8 * i));
	mnl_attr_put(message, IFA_LOCAL, sizeof(addr), addr);
	mnl_attr_put(message, IFA_ADDRESS, sizeof(addr), addr);
	return nf_route_request(message);
}

/* Everything is on-link: there is nobody to ask for Ethernet addresses. */
int nf_link_default_route(const char *name)
{
	_Alignas(struct nlmsghdr) char buffer[128];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct rtmsg *body;

	message->nlmsg_type = RTM_NEWROUTE;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE;
	body = mnl_nlmsg_put_extra_header(message, sizeof(*body));
	body->rtm_family = AF_INET;
	body->rtm_table = RT_TABLE_MAIN;
	body->rtm_protocol = RTPROT_STATIC;
	body->rtm_scope = RT_SCOPE_LINK;
	body->rtm_type = RTN_UNICAST;
	mnl_attr_put_u32(message, RTA_OIF, if_nametoindex(name));
	return nf_route_request(message);
}
