/* SPDX-License-Identifier: Apache-2.0 */
/* glob.c - patterns of ids, and a number for each id */
#include <string.h>

#include "conformance/suite.h"

/* '*' is tried from the last star on: no recursion, no blow-up. */
bool conf_glob(const char *pattern, const char *id)
{
	const char *star = NULL, *retry = NULL;
	size_t len = strlen(pattern);

	if (len > 0 && pattern[len - 1] == '/' &&
	    strncmp(pattern, id, len) == 0)
		return true;
	while (*id != '\0') {
		if (*pattern == '*') {
			star = pattern++;
			retry = id;
		} else if (*pattern == *id || *pattern == '?') {
			pattern++;
			id++;
		} else if (*pattern == '\0' && *id == '/') {
			return true;
		} else if (star != NULL) {
			pattern = star + 1;
			id = ++retry;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

/* FNV-1a, with a last mix: its low bits are used. */
uint64_t conf_id_hash(const char *id)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (; *id != '\0'; id++) {
		hash ^= (uint8_t)*id;
		hash *= UINT64_C(1099511628211);
	}
	hash ^= hash >> 33;
	hash *= UINT64_C(0xff51afd7ed558ccd);
	return hash ^ hash >> 33;
}

bool conf_clause_is_linux22(const char *id)
{
	static const char *const prefixes[] = {
		"CORE-", "FTP-",   "GEN-", "RA-", "RTSP-", "IRC-",
		"VDO-",  "QUAKE-", "CUS-", "CU-", "SUR-",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(id, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}
