/* SPDX-License-Identifier: Apache-2.0 */
/* fail.c - an error's number and its text, in one statement */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fail.h"

/* Octets of a name that errors show; the rest is for the reason. */
#define NAME_SHOWN 240

enum rep_status rep_fail(char *error, enum rep_status status,
			 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, REP_ERROR_SIZE, format, args);
	va_end(args);
	return status;
}

enum rep_status rep_fail_nomem(char *error)
{
	return rep_fail(error, REP_ERR_NOMEM, "out of memory");
}

const char *rep_short_name(const char *name)
{
	size_t len = strlen(name);

	return len > NAME_SHOWN ? name + (len - NAME_SHOWN) : name;
}
