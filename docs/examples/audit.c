/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Audit a repository: all that it ever held. A callback tells how far it is,
 * and Ctrl-C stops it.
 *
 *     cc -o audit audit.c $(pkg-config --cflags --libs keysieve)
 */
#include <keysieve/rules.h>
#include <keysieve/scan.h>

#include <signal.h>
#include <stdio.h>

static volatile int cancel;

static void stop(int signal)
{
	(void)signal;
	cancel = 1;
}

static void tell(const struct ks_progress *progress, void *payload)
{
	FILE *file = payload;

	fprintf(file, "\r%s: %llu objects", progress->stage,
		(unsigned long long)progress->objects_done);
}

static void print(const struct ks_finding *finding)
{
	printf("%s %s%s\n", finding->rule, finding->redacted,
		finding->in_head ? " (in HEAD)" : "");
	for (size_t i = 0; i < finding->occurrence_count; i++) {
		const struct ks_occurrence *one = &finding->occurrences[i];

		printf("    %.10s %s:%llu, %s\n", one->commit, one->path,
			(unsigned long long)one->line, one->author);
	}
}

int main(int argc, char **argv)
{
	struct ks_scan_options options = {
		.min_confidence = KS_CONFIDENCE_DEFAULT,
		.progress = tell,
		.payload = stderr,
		.cancel = &cancel,
	};
	struct ks_rules *rules = NULL;
	struct ks_result *result = NULL;
	struct ks_err err = { 0 };
	int rc;

	signal(SIGINT, stop);
	rc = ks_rules_load(&rules, NULL, 0, &err);
	if (rc == KS_OK) {
		options.rules = rules;
		rc = ks_scan_repository(
			&result, argc > 1 ? argv[1] : ".", &options, &err);
	}
	fputs("\n", stderr);
	for (size_t i = 0; result && i < result->finding_count; i++)
		print(&result->findings[i]);
	/* What could not be read is no error, but it is said. */
	for (size_t i = 0; result && i < result->skip_count; i++)
		fprintf(stderr, "%s: %s\n",
			ks_skip_reason_name(result->skips[i].reason),
			result->skips[i].what);
	if (rc < 0)
		fprintf(stderr, "%s\n", err.message);
	ks_result_free(result);
	ks_rules_free(rules);
	return rc < 0;
}
