/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fail.c - an error's number and its text, in one statement
 */
#include "fail.h"

#include <stdarg.h>
#include <string.h>

/* Octets of a name that errors show; the rest is for the reason. */
#define NAME_SHOWN 240

enum cap_status cap_fail(char *error, enum cap_status status,
			 const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, CAP_ERROR_SIZE, format, args);
	va_end(args);
	return status;
}

const char *cap_short_name(const char *name)
{
	size_t len = strlen(name);

	return len > NAME_SHOWN ? name + (len - NAME_SHOWN) : name;
}
