/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Judge one string: what the rules make of it, and why.
 *
 *     cc -o judge judge.c $(pkg-config --cflags --libs keysieve)
 */
#include <keysieve/explain.h>
#include <keysieve/rules.h>

#include <stdio.h>
#include <string.h>

static void tell(void *payload, const struct ks_explanation *one)
{
	size_t *count = payload;

	++*count;
	printf("%s: %s, confidence %.2f, %.1f bits a character: %s\n",
		one->rule, one->is_secret ? "a secret" : "no secret",
		one->confidence, one->entropy, one->verdict);
}

int main(int argc, char **argv)
{
	const char *text = argc > 1 ? argv[1] : "";
	struct ks_rules *rules = NULL;
	struct ks_err err = { 0 };
	size_t count = 0;
	int rc;

	rc = ks_rules_load(&rules, NULL, 0, &err);
	if (rc == KS_OK)
		rc = ks_explain_line(
			rules, text, strlen(text), 1, tell, &count, &err);
	if (rc < 0)
		fprintf(stderr, "%s\n", err.message);
	else if (!count)
		puts("no rule matches");
	ks_rules_free(rules);
	return rc < 0;
}
