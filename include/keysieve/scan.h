/* SPDX-License-Identifier: Apache-2.0 */
/* Scanning repositories, files and buffers. */
#ifndef KEYSIEVE_SCAN_H
#define KEYSIEVE_SCAN_H

#include <keysieve/control.h>
#include <keysieve/error.h>
#include <keysieve/finding.h>
#include <keysieve/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How secrets are searched for; both find the same ones. */
enum ks_engine {
	KS_ENGINE_FAST,     /* Hyperscan, then PCRE2 at the candidates */
	KS_ENGINE_REFERENCE /* every object in full, PCRE2 alone: the oracle */
};

/* How far a scan is; given to the progress callback. */
struct ks_progress {
	uint64_t objects_done;
	uint64_t objects_total; /* 0: not known yet */
	uint64_t bytes_done;
	uint64_t findings;
	const char *stage; /* "scanning", "finding commits"; static */
	const char *unit;  /* of what is counted; NULL: objects */
};

/*
 * What an audit asks for: where precision and recall, on repositories that the
 * model of src/filter has not seen, are in balance (docs/quality.md).
 */
#define KS_CONFIDENCE_DEFAULT 0.45

/* What to scan for, and within which limits: KS_SCAN_OPTIONS_INIT. */
struct ks_scan_options {
	const struct ks_rules *rules; /* required; outlives the result */
	enum ks_engine engine;
	unsigned jobs;          /* threads; 0: one a processor */
	uint64_t max_blob_size; /* bytes; 0: KS_MAX_BLOB_SIZE */
	/*
	 * Bytes of memory that the scan may take, for all threads; 0:
	 * KS_MEMORY. The index of the packs, 24 bytes an object, comes on
	 * top, and so do commits and findings. What does not fit
	 * is made again when it is needed or put in a file in $TMPDIR, and
	 * large blobs are scanned in windows. Too little for the threads asked
	 * for is KS_E_USAGE; if their number is not given, fewer are used.
	 */
	uint64_t memory;
	/*
	 * How far archives are unpacked; what is beyond is named as a skip.
	 * 0: the defaults below.
	 */
	bool no_archives;         /* they are not unpacked */
	unsigned archive_depth;   /* archives within archives */
	uint64_t archive_bytes;   /* unpacked, of one and all those in it */
	uint64_t archive_ratio;   /* of these to its own; from 16 MiB on */
	uint64_t archive_entries; /* of one and all those in it */
	double min_confidence;    /* findings below are left out */
	const char *const *only;  /* rule ids; NULL: all */
	size_t only_count;
	const char *const *skip; /* rule ids */
	size_t skip_count;
	/* What need not be reported; NULL: all is. Outlives the result. */
	const struct ks_control *control;
	bool list_suppressed; /* tell what was not reported, too */
	bool connectivity;    /* walk every tree, name each missing object */
	bool show_secrets;    /* do not redact paths, messages and snippets */
	/*
	 * Called now and then from the thread that called the scan, if not
	 * NULL.
	 */
	void (*progress)(const struct ks_progress *progress, void *payload);
	void *payload;
	/* Set it from another thread or a signal handler to stop the scan. */
	const volatile int *cancel;
};

/* All defaults; rules are still to be set. */
#define KS_SCAN_OPTIONS_INIT                                                   \
	{                                                                      \
		0                                                              \
	}

/* Default of max_blob_size, in bytes. */
#define KS_MAX_BLOB_SIZE ((uint64_t)256 << 20)

/* Default of archive_depth. */
#define KS_ARCHIVE_DEPTH 5
/* Default of archive_bytes. */
#define KS_ARCHIVE_BYTES ((uint64_t)1 << 30)
/* Default of archive_ratio. */
#define KS_ARCHIVE_RATIO 250
/* Default of archive_entries. */
#define KS_ARCHIVE_ENTRIES ((uint64_t)1 << 18)

/* Default of memory, in bytes. */
#define KS_MEMORY ((uint64_t)256 << 20)

/*
 * Scan every object of the repository at ${path}: a work tree, a bare
 * repository, a linked worktree or its .git file. Nothing in it is executed
 * and nothing of its configuration is obeyed but the object format and where
 * objects are. ${out} is the caller's, to be freed by ks_result_free(), also
 * when something could not be read: that is in the result. KS_E_REPO,
 * KS_E_UNSUPPORTED, KS_E_USAGE (an unknown rule id), KS_E_INTERRUPTED,
 * KS_E_NOMEM.
 */
int ks_scan_repository(struct ks_result **out, const char *path,
	const struct ks_scan_options *options, struct ks_err *err);

/*
 * Scan the ${count} files and folders ${paths}, recursively, hidden ones
 * too, symlinks not followed, folders named .git left out. A path "-" is
 * standard input. Errors as above; a path that does not exist is KS_E_IO.
 */
int ks_scan_paths(struct ks_result **out, const char *const *paths,
	size_t count, const struct ks_scan_options *options,
	struct ks_err *err);

/* A text in memory; borrowed. */
struct ks_text {
	const char *name; /* what its places are called */
	const char *bytes;
	size_t length;
};

/*
 * Scan the ${count} texts ${texts}, each by itself. Their places have no
 * snippets. Errors as above.
 */
int ks_scan_texts(struct ks_result **out, const struct ks_text *texts,
	size_t count, const struct ks_scan_options *options,
	struct ks_err *err);

/* A ref that is to be changed, as git tells its hooks: githooks(5). */
struct ks_ref_update {
	const char *name;   /* of the ref that is sent, or changed; may be "" */
	const char *local;  /* what is sent, as it was given; may be "" */
	const char *new_id; /* hex; all zeros: it is deleted */
	const char *old_id; /* hex; all zeros: it is new */
};

/* What is about to be pushed, or was received and is not accepted yet. */
struct ks_push {
	/*
	 * The name of the remote: what its tracking refs lead to is there
	 * already. A URL has no such refs. NULL: what any ref of the
	 * repository leads to is there already, as for a pre-receive hook.
	 */
	const char *remote;
	const struct ks_ref_update *updates;
	size_t count;
};

/*
 * Scan what the updates of ${push} bring that is not there yet: blobs, names
 * of files, messages of commits and of tags, also of what was added and
 * removed again on the way. A secret that a file had before is not reported
 * again. In the commits of one push a marker beside a secret stands for all
 * its places. ${path} is where the repository is, or NULL: where git says
 * that it is, by its environment variables or the current folder.
 * options->engine is not looked at. Errors as ks_scan_repository(), and
 * KS_E_CORRUPT or KS_E_NOTFOUND where history cannot be read.
 */
int ks_scan_push(struct ks_result **out, const char *path,
	const struct ks_push *push, const struct ks_scan_options *options,
	struct ks_err *err);

/*
 * Scan what the commits bring that are reachable from the revision ${to} and
 * not from ${from}, as gitrevisions(7) has them, in the same way. Where a
 * shallow clone ends within that range, the result is not complete. ${path}
 * as for ks_scan_repository(). Errors as above; KS_E_NOTFOUND where there is
 * no such revision.
 */
int ks_scan_range(struct ks_result **out, const char *path, const char *from,
	const char *to, const struct ks_scan_options *options,
	struct ks_err *err);

/*
 * Scan what is staged: the files in the index that are not in HEAD so, nor in
 * what is being merged. ${path} and errors as above.
 */
int ks_scan_staged(struct ks_result **out, const char *path,
	const struct ks_scan_options *options, struct ks_err *err);

/* NULL is fine. */
void ks_result_free(struct ks_result *result);

#ifdef __cplusplus
}
#endif
#endif
