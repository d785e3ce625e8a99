/* SPDX-License-Identifier: Apache-2.0 */
/* Who wrote a commit or a tag, ready to be shown. */
#ifndef KS_SCAN_PEOPLE_H
#define KS_SCAN_PEOPLE_H

#include "scan/gather.h"
#include "scan/hide.h"

/* Strings are of the arena given to ks_people_init(). */
struct ks_person {
	const char *author;
	const char *email;
	const char *message; /* first line */
	int64_t time;
	int32_t utc_offset;
	bool is_read; /* the rest is filled */
};

/* Each object is read once. Zero-initialise; ks_people_release() frees. */
struct ks_people {
	struct ks_oidmap index;
	struct ks_person *list;
	size_t count;
	size_t cap;
	struct ks_reader *reader;
	struct ks_hide *hide;
	struct ks_arena *arena;
};

/* All that is given is borrowed. */
void ks_people_init(struct ks_people *people, struct ks_reader *reader,
	struct ks_hide *hide, struct ks_arena *arena);

/*
 * Who wrote the commit (${field} "author") or tag ("tagger") ${oid};
 * everything empty where it cannot be read. Borrowed until the next call;
 * NULL when memory ran out.
 */
const struct ks_person *ks_people_of(
	struct ks_people *people, const struct ks_oid *oid, const char *field);

void ks_people_release(struct ks_people *people);

#endif
