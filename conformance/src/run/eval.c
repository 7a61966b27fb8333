/* SPDX-License-Identifier: Apache-2.0 */
/* eval.c - what an expression is worth, and what it must be bound to */
#include <inttypes.h>
#include <stdio.h>

#include "run/play.h"

const char *run_name_text(const struct run_play *play, uint32_t name,
			  int64_t index, char out[RUN_NAME_SIZE])
{
	if (index != 0)
		snprintf(out, RUN_NAME_SIZE, "$%.40s[%" PRId64 "]",
			 play->c->names[name], index);
	else
		snprintf(out, RUN_NAME_SIZE, "$%.40s", play->c->names[name]);
	return out;
}

static enum run_eval eval_variable(const struct run_play *play,
				   const struct case_expr *e, int64_t *out)
{
	const struct run_var *var;
	int64_t index = 0;

	if (e->left != NULL && run_eval(play, e->left, &index) != RUN_EVAL_OK)
		return RUN_EVAL_UNBOUND;
	var = run_var_find(&play->vars, e->name, index);
	if (var == NULL)
		return RUN_EVAL_UNBOUND;
	*out = var->value;
	return RUN_EVAL_OK;
}

/* Values stay small: 12 digits in, so sums and products are bounded. */
static int64_t apply(enum case_op op, int64_t a, int64_t b)
{
	const int64_t limit = INT64_C(1) << 48;
	int64_t value = 0;

	if (op == CASE_ADD)
		value = a + b;
	else if (op == CASE_SUB)
		value = a - b;
	else if (op == CASE_MOD)
		value = b != 0 ? a % b : 0;
	else if (__builtin_mul_overflow(a, b, &value))
		value = limit;
	return value > limit ? limit : value < -limit ? -limit : value;
}

enum run_eval run_eval(const struct run_play *play, const struct case_expr *e,
		       int64_t *out)
{
	int64_t a, b;

	switch (e->op) {
	case CASE_NUMBER:
		*out = e->number;
		return RUN_EVAL_OK;
	case CASE_VARIABLE:
		return eval_variable(play, e, out);
	case CASE_NAT:
		*out = play->nat;
		return RUN_EVAL_OK;
	case CASE_ROUTER:
		*out = play->router;
		return RUN_EVAL_OK;
	default:
		break;
	}
	if (run_eval(play, e->left, &a) != RUN_EVAL_OK ||
	    run_eval(play, e->right, &b) != RUN_EVAL_OK)
		return RUN_EVAL_UNBOUND;
	*out = apply(e->op, a, b);
	return RUN_EVAL_OK;
}

/* The first variable in it that is not bound. */
static const struct case_expr *unbound(const struct run_play *play,
				       const struct case_expr *e)
{
	const struct case_expr *found = NULL;
	int64_t value;

	if (run_eval(play, e, &value) == RUN_EVAL_OK)
		return NULL;
	if (e->left != NULL)
		found = unbound(play, e->left);
	if (found == NULL && e->right != NULL)
		found = unbound(play, e->right);
	return found != NULL ? found : e;
}

bool run_value(struct run_play *play, const struct case_expr *e, int64_t *out)
{
	const struct case_expr *missing;
	char name[RUN_NAME_SIZE];
	int64_t index = 0;

	if (run_eval(play, e, out) == RUN_EVAL_OK)
		return true;
	missing = unbound(play, e);
	if (missing->left != NULL)
		(void)run_eval(play, missing->left, &index);
	return run_error(play, missing->pos,
			 "%s is not bound: no packet has shown it",
			 run_name_text(play, missing->name, index, name));
}

static bool bind_variable(struct run_play *play, const struct case_expr *e,
			  const struct run_seen *seen, int64_t value)
{
	struct run_var var = {
		.name = e->name,
		.value = value,
		.is_endpoint = seen->is_endpoint,
		.proto = seen->proto,
		.addr = seen->addr,
	};
	const struct run_var *other;
	char a[RUN_NAME_SIZE], b[RUN_NAME_SIZE];

	if (e->left != NULL && !run_value(play, e->left, &var.index))
		return false;
	other = run_var_clash(&play->vars, &var);
	if (other != NULL)
		return run_fail(
			play, e->pos,
			"%s and %s hold the same endpoint, port %" PRId64,
			run_name_text(play, var.name, var.index, a),
			run_name_text(play, other->name, other->index, b),
			value);
	if (!run_var_set(&play->vars, &var))
		return run_error(play, e->pos, "no memory for a variable");
	return true;
}

bool run_bind(struct run_play *play, const struct case_expr *e,
	      const struct run_seen *seen, int64_t *out)
{
	struct run_seen part = *seen;
	int64_t other;

	if (run_eval(play, e, out) == RUN_EVAL_OK)
		return true;
	if (!seen->there && seen->missing != NULL)
		return run_fail(play, e->pos, "the packet that came has no %s",
				seen->missing);
	if (!seen->there)
		return run_value(play, e, out);
	*out = seen->value;
	if (e->op == CASE_VARIABLE)
		return bind_variable(play, e, seen, seen->value);
	if (e->op == CASE_ADD &&
	    run_eval(play, e->right, &other) == RUN_EVAL_OK) {
		part.value = seen->value - other;
		return run_bind(play, e->left, &part, &other);
	}
	if (e->op == CASE_SUB &&
	    run_eval(play, e->right, &other) == RUN_EVAL_OK) {
		part.value = seen->value + other;
		return run_bind(play, e->left, &part, &other);
	}
	return run_value(play, e, out);
}
