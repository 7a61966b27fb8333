/* SPDX-License-Identifier: Apache-2.0 */
/* doctor.h - checks of an engine against the contract */
#ifndef MASQCHECK_DOCTOR_H
#define MASQCHECK_DOCTOR_H

#include "conformance/play.h"

enum doctor_verdict {
	DOCTOR_OK = 0,
	DOCTOR_NOT_OK,
	DOCTOR_SKIPPED,
};

/* What is to be opened. */
struct doctor {
	const char *address;
	uint64_t seed;
	uint32_t timeout; /* ms */
};

struct doctor_report {
	enum doctor_verdict verdict;
	char text[CONF_ERROR_SIZE];  /* why, or what was seen */
	struct conf_outcome outcome; /* of a case that was played */
};

/* Cases that are built in, in the case language. */
extern const char doctor_udp[], doctor_tcp[], doctor_echo[], doctor_error[],
	doctor_refused[], doctor_octets[], doctor_fragments[], doctor_time[],
	doctor_own_error[], doctor_address[];

struct doctor_check {
	const char *name;
	const char *what; /* is to be true */
	uint32_t needs;   /* enum conf_capability; else it is skipped */
	void (*run)(const struct doctor *d, const struct doctor_check *check,
		    struct doctor_report *report);
	const char *text; /* of a case */
};
extern const struct doctor_check doctor_checks[];
extern const size_t doctor_num_checks;

#endif /* MASQCHECK_DOCTOR_H */
