/* SPDX-License-Identifier: Apache-2.0 */
/* netfilter_none_test.c - what stands for the engine where it was not built */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "engines.h"

static void test_it_says_what_is_missing(void **state)
{
	const struct conf_config config = {.settings = NULL};
	const struct conf_engine_ops *ops = &conf_netfilter_ops;
	char why[CONF_ERROR_SIZE] = "", error[CONF_ERROR_SIZE] = "";
	void *engine = &engine;

	(void)state;
	assert_int_equal(conf_netfilter_available(why, sizeof(why)),
			 CONF_ERR_UNSUPPORTED);
	assert_non_null(strstr(why, "libnftables-dev"));
	assert_int_equal(ops->open(&config, &engine, error, sizeof(error)),
			 CONF_ERR_ENGINE);
	assert_null(engine);
	assert_string_equal(error, why);
	assert_int_equal(ops->capabilities, 0);
	ops->close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_says_what_is_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
