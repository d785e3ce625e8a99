/* SPDX-License-Identifier: Apache-2.0 */
/* Copies of remote repositories in a folder, kept up to date by git. */
#ifndef KS_MIRROR_MIRROR_H
#define KS_MIRROR_MIRROR_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A folder of mirrors. Thread-safe: several may be updated at once, also by
 * other processes; each mirror, and each network of forks, by one at a time.
 */
struct ks_mirrors;

/* Zero-initialise ({0}): no limits. */
struct ks_mirrors_options {
	/*
	 * Bytes that all mirrors may take: those that nobody uses, the one used
	 * longest ago first, are removed for others.
	 */
	uint64_t disk_max;
	uint64_t disk_spare; /* bytes to leave free on their file system */
	unsigned timeout;    /* seconds that one git may run */
	const volatile int *cancel;   /* set it to stop what is under way */
	void (*alive)(void *payload); /* called often meanwhile; may be NULL */
	void *payload;
};

/*
 * Open ${folder}, making it if need be. KS_E_NOTFOUND: there is no git in
 * PATH; KS_E_IO, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_mirrors_open(struct ks_mirrors **out, const char *folder,
	const struct ks_mirrors_options *options, struct ks_err *err);

/* NULL is fine. */
void ks_mirrors_close(struct ks_mirrors *mirrors);

/* What to mirror. All but ${url} may be NULL. */
struct ks_mirror_wish {
	const char *url;     /* https, http, ssh, git, file, user@host:path */
	const char *key;     /* what stays over renames; NULL: the URL */
	const char *network; /* key of the network of forks it belongs to */
	/*
	 * For https and http. NULL: what is in the URL, or what git's own
	 * credential helpers know. Neither reaches a file or a command line.
	 */
	const char *user;
	const char *password;
	/* HEAD of the network's store is to be this one's. */
	bool leads;
	/*
	 * What a mirror of it was told to list, once: if it still does and
	 * there is no mirror, none is made. NULL: one is always wanted.
	 */
	const char *listing;
	bool is_suspect;  /* objects of it were unreadable: look at all */
	bool is_optional; /* a wiki, say, that nobody may have made yet */
};

/* A mirror, which nobody removes until ks_mirror_release(). */
struct ks_mirror {
	/* A bare repository, with every ref of the remote; NULL: see above. */
	char *path;
	char *shared;     /* where its network's objects are, or NULL */
	bool has_changed; /* fetched: the remote is not as it was last time */
	bool is_new;
	bool was_renewed; /* it was damaged, and cloned anew */
	char listing[65]; /* a digest of what the remote lists */
	int hold;         /* a descriptor and 1; 0: none */
};

/*
 * Clone or fetch ${wish}. git is asked for what the remote lists first; if
 * that is what it was, nothing is fetched. Objects that are reachable no more
 * stay: nothing prunes. Forks of one network keep their objects in a store of
 * the network's, named by their info/alternates; while one of them is updated
 * none of them may be read.
 *
 * An update that was killed at any point is made good by the next. A mirror
 * whose packs are damaged is cloned anew.
 *
 * Errors name the URL without its credentials. KS_E_USAGE: it is not to be
 * fetched; KS_E_NOTFOUND: there is no such repository, or none that we are told
 * of (what asks for a password is KS_E_IO: it may well be there);
 * KS_E_LIMIT: disk or time; KS_E_CORRUPT, KS_E_INTERRUPTED, KS_E_IO,
 * KS_E_NOMEM. ${out} needs no release then.
 */
KS_MUST_CHECK int ks_mirror_update(struct ks_mirrors *mirrors,
	const struct ks_mirror_wish *wish, struct ks_mirror *out,
	struct ks_err *err);

void ks_mirror_release(struct ks_mirror *mirror);

/*
 * After some of the ${count} forks ${keys} of ${network} were updated, and
 * before their store is read: let its refs lead to all that theirs do. The
 * first one's are there by name, of others what else there is. KS_E_IO,
 * KS_E_INTERRUPTED, KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_mirror_settle(struct ks_mirrors *mirrors,
	const char *network, const char *const *keys, size_t count,
	struct ks_err *err);

/*
 * Append what the refs of the mirror ${key} begin with in its network's store,
 * where "refs/" is left out of their names, and put a NUL behind. KS_E_NOMEM.
 */
KS_MUST_CHECK int ks_mirror_prefix(
	struct ks_buf *out, const char *key, struct ks_err *err);

/* Remove the mirror of ${wish}, if there is one. KS_E_IO, KS_E_NOMEM. */
KS_MUST_CHECK int ks_mirror_remove(struct ks_mirrors *mirrors,
	const struct ks_mirror_wish *wish, struct ks_err *err);

#endif
