/* SPDX-License-Identifier: Apache-2.0 */
/* Who wrote a commit or a tag, ready to be shown. */
#include "scan/people.h"

#include "base/array.h"

#include <stdlib.h>

enum {
	OBJECT_MAX = 64 << 20 /* bytes of a commit or tag */
};

void ks_people_init(struct ks_people *people, struct ks_reader *reader,
	struct ks_hide *hide, struct ks_arena *arena)
{
	*people = (struct ks_people){
		.reader = reader, .hide = hide, .arena = arena
	};
}

static const char *hidden(struct ks_people *people, struct ks_span text)
{
	return ks_hide_text(people->hide, people->arena, text, 0,
		ks_span_of(NULL, 0), NULL, 0);
}

static struct ks_span first_line(struct ks_span message)
{
	const uint8_t *end;

	while (message.n && (*message.p == '\n' || *message.p == '\r'))
		message = ks_span_cut(message, 1, message.n);
	end = message.n ? memchr(message.p, '\n', message.n) : NULL;
	if (end)
		message.n = (size_t)(end - message.p);
	if (message.n && message.p[message.n - 1] == '\r')
		message.n--;
	return message;
}

static int fill(struct ks_people *people, struct ks_person *person,
	const struct ks_oid *oid, const char *field)
{
	struct ks_signature who = { { NULL, 0 }, { NULL, 0 }, 0, 0 };
	struct ks_span raw = { NULL, 0 };
	struct ks_span message = { NULL, 0 };
	enum ks_object_type type;
	int rc = ks_reader_read(
		people->reader, oid, OBJECT_MAX, &type, &raw, NULL);

	if (rc == KS_E_NOMEM)
		return rc;
	if (rc == KS_OK) {
		ks_signature_parse(&who, raw, field);
		message = first_line(ks_message_of(raw));
	}
	person->author = hidden(people, who.name);
	person->email = hidden(people, who.email);
	person->message = hidden(people, message);
	person->time = who.time;
	person->utc_offset = who.utc_offset;
	person->is_read = true;
	return person->author && person->email && person->message ? KS_OK
								  : KS_E_NOMEM;
}

const struct ks_person *ks_people_of(
	struct ks_people *people, const struct ks_oid *oid, const char *field)
{
	struct ks_person *person;
	uint32_t at;

	if (ks_array_reserve(&people->list, &people->cap, people->count + 1,
		    sizeof(*people->list)) < 0 ||
		ks_oidmap_add(
			&people->index, oid, (uint32_t)people->count, &at) < 0)
		return NULL;
	person = &people->list[at];
	if (at == people->count) {
		*person = (struct ks_person){ 0 };
		people->count++;
	}
	if (!person->is_read && fill(people, person, oid, field) < 0)
		return NULL;
	return person;
}

void ks_people_release(struct ks_people *people)
{
	ks_oidmap_release(&people->index);
	free(people->list);
}
