/* SPDX-License-Identifier: Apache-2.0 */
/* vars.c - variables: bound once, equal ever after */
#include <stdlib.h>

#include "run/play.h"

const struct run_var *run_var_find(const struct run_vars *vars, uint32_t name,
				   int64_t index)
{
	for (size_t i = vars->num; i-- > 0;)
		if (vars->items[i].name == name &&
		    vars->items[i].index == index)
			return &vars->items[i];
	return NULL;
}

bool run_var_set(struct run_vars *vars, const struct run_var *var)
{
	if (vars->num == vars->max) {
		size_t max = vars->max > 0 ? vars->max * 2 : 16;
		struct run_var *items = realloc(vars->items,
						max * sizeof(*items));

		if (items == NULL)
			return false;
		vars->items = items;
		vars->max = max;
	}
	vars->items[vars->num++] = *var;
	return true;
}

void run_var_forget(struct run_vars *vars, uint32_t name, int64_t index)
{
	size_t kept = 0;

	for (size_t i = 0; i < vars->num; i++)
		if (vars->items[i].name != name ||
		    vars->items[i].index != index)
			vars->items[kept++] = vars->items[i];
	vars->num = kept;
}

bool run_var_pair(struct run_vars *vars, uint32_t a, uint32_t b)
{
	if (vars->num_pairs == vars->max_pairs) {
		size_t max = vars->max_pairs > 0 ? vars->max_pairs * 2 : 8;
		struct run_pair *pairs = realloc(vars->pairs,
						 max * sizeof(*pairs));

		if (pairs == NULL)
			return false;
		vars->pairs = pairs;
		vars->max_pairs = max;
	}
	vars->pairs[vars->num_pairs++] = (struct run_pair){a, b};
	return true;
}

static bool may_equal(const struct run_vars *vars, uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < vars->num_pairs; i++)
		if ((vars->pairs[i].a == a && vars->pairs[i].b == b) ||
		    (vars->pairs[i].a == b && vars->pairs[i].b == a))
			return true;
	return false;
}

const struct run_var *run_var_clash(const struct run_vars *vars,
				    const struct run_var *var)
{
	if (!var->is_endpoint)
		return NULL;
	for (size_t i = 0; i < vars->num; i++) {
		const struct run_var *v = &vars->items[i];

		if (v->is_endpoint && v->value == var->value &&
		    v->proto == var->proto && v->addr == var->addr &&
		    (v->name != var->name || v->index != var->index) &&
		    !may_equal(vars, v->name, var->name))
			return v;
	}
	return NULL;
}

void run_vars_cleanup(struct run_vars *vars)
{
	free(vars->items);
	free(vars->pairs);
	*vars = (struct run_vars){.num = 0};
}
