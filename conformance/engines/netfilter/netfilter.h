/* SPDX-License-Identifier: Apache-2.0 */
/* netfilter.h - the parts of the engine "netfilter" */
#ifndef NETFILTER_H
#define NETFILTER_H

#include "conformance/settings.h"

#define NF_INSIDE_NAME  "inside0"
#define NF_OUTSIDE_NAME "outside0"

#define NF_RULES_SIZE 16384u

/* Sides as indices of arrays. */
enum {
	NF_IN = 0,
	NF_OUT = 1,
	NF_NUM_SIDES
};

struct nf_device {
	uint32_t addr; /* host order */
	uint8_t len;   /* prefix length */
	uint16_t mtu;
	uint8_t mac[6];
};

/* What the router is to be, made of the settings (plan.c). */
struct nf_plan {
	struct nf_device device[NF_NUM_SIDES];
	uint32_t timeout_tcp;     /* s; 0 = the kernel's */
	uint32_t timeout_tcp_fin; /* s; 0 = the kernel's */
	uint32_t timeout_udp;     /* s; 0 = the kernel's */
	char rules[NF_RULES_SIZE];
};

/*
 * CONF_ERR_CONFIG: a setting that cannot be. CONF_ERR_UNSUPPORTED: one that
 * the kernel cannot be brought to obey.
 */
enum conf_status nf_plan_make(struct nf_plan *plan,
			      const struct conf_config *config,
			      char error[CONF_ERROR_SIZE]) CONF_NODISCARD;

/*
 * A router of its own, in a network namespace that lives exactly as long as
 * these descriptors (router.c). All are -1, or none.
 */
enum nf_descriptor {
	NF_FD_INSIDE = 0, /* the TAP devices: a write arrives, what is */
	NF_FD_OUTSIDE,    /* read was sent */
	NF_FD_CONNTRACK,  /* ctnetlink: requests */
	NF_FD_EVENTS,     /* ctnetlink: new connections */
	NF_NUM_FDS
};
struct nf_router {
	int fd[NF_NUM_FDS];
};

enum conf_status nf_router_open(struct nf_router *router,
				const struct nf_plan *plan,
				char error[CONF_ERROR_SIZE]) CONF_NODISCARD;
void nf_router_close(struct nf_router *router);

/*
 * Within the namespace: addresses, routes and the state of devices
 * (link.c). All return 0 or an errno.
 */
int nf_link_up(const char *name, const struct nf_device *device);
int nf_link_address(const char *name, const struct nf_device *device);
int nf_link_default_route(const char *name);

#endif /* NETFILTER_H */
