/* SPDX-License-Identifier: Apache-2.0 */
/* The former values of refs: git-reflog(1). */
#include "source/reflog.h"

#include "base/map.h"

#include <fts.h>
#include <limits.h>
#include <stdio.h>

struct reading {
	int (*each)(void *payload, const char *ref, const struct ks_oid *oid);
	void *payload;
	size_t hash_bytes;
};

static bool is_zero(const struct ks_oid *oid)
{
	static const struct ks_oid zero;

	return ks_oid_eq(oid, &zero);
}

/* "<old> <new> <who> <when>\t<why>" a line. */
static int read_text(
	const struct reading *reading, const char *ref, struct ks_span text)
{
	const size_t digits = 2 * reading->hash_bytes;
	struct ks_oid last = { { 0 } };
	size_t at = 0;

	while (text.n - at >= 2 * digits + 1) {
		const char *line = (const char *)text.p + at;
		const uint8_t *end = memchr(text.p + at, '\n', text.n - at);
		struct ks_oid ids[2];
		int rc;

		if (ks_oid_parse(&ids[0], line, reading->hash_bytes) &&
			line[digits] == ' ' &&
			ks_oid_parse(&ids[1], line + digits + 1,
				reading->hash_bytes)) {
			for (int i = 0; i < 2; i++) {
				if (is_zero(&ids[i]) ||
					ks_oid_eq(&ids[i], &last))
					continue;
				rc = reading->each(
					reading->payload, ref, &ids[i]);
				if (rc != 0)
					return rc;
				last = ids[i];
			}
		}
		if (!end)
			break;
		at = (size_t)(end - text.p) + 1;
	}
	return 0;
}

static int read_folder(const struct reading *reading, char *folder)
{
	char *roots[] = { folder, NULL };
	size_t stem = strlen(folder) + 1;
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *item;
	int rc = 0;

	/* Read to its end even then: fts_close() would leak the rest. */
	while (walk && (item = fts_read(walk))) {
		struct ks_map map = { 0 };

		if (rc != 0 || item->fts_info != FTS_F)
			continue;
		if (ks_map_open(&map, item->fts_accpath, NULL) == KS_OK)
			rc = read_text(
				reading, item->fts_path + stem, map.bytes);
		ks_map_close(&map);
	}
	if (walk)
		fts_close(walk);
	return rc;
}

int ks_reflogs_read(const char *common, size_t hash_bytes,
	int (*each)(void *payload, const char *ref, const struct ks_oid *oid),
	void *payload)
{
	struct reading reading = { each, payload, hash_bytes };
	char path[PATH_MAX];
	char *roots[] = { path, NULL };
	FTSENT *item;
	FTS *walk;
	int rc;

	snprintf(path, sizeof(path), "%slogs", common);
	rc = read_folder(&reading, path);
	snprintf(path, sizeof(path), "%sworktrees", common);
	walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	while (walk && (item = fts_read(walk))) {
		char logs[PATH_MAX];

		if (rc != 0 || item->fts_info != FTS_D || item->fts_level != 1)
			continue;
		snprintf(logs, sizeof(logs), "%.4000s/logs", item->fts_path);
		rc = read_folder(&reading, logs);
		fts_set(walk, item, FTS_SKIP);
	}
	if (walk)
		fts_close(walk);
	return rc;
}
