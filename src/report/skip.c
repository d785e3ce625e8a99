/* SPDX-License-Identifier: Apache-2.0 */
/* Names of what a scan tells: its stages, and why things were not scanned. */
#include <keysieve/finding.h>

const char *ks_skip_reason_name(enum ks_skip_reason reason)
{
	switch (reason) {
	case KS_SKIP_UNREADABLE:
		return "unreadable";
	case KS_SKIP_MISSING:
		return "missing";
	case KS_SKIP_TOO_LARGE:
		return "too_large";
	case KS_SKIP_LIMIT:
		return "limit";
	case KS_SKIP_SHALLOW:
		return "shallow";
	case KS_SKIP_PARTIAL:
		return "partial";
	case KS_SKIP_DANGLING:
		return "dangling";
	case KS_SKIP_SPECIAL:
		return "special";
	case KS_SKIP_GITLINK:
		return "gitlink";
	case KS_SKIP_LFS:
		return "lfs";
	case KS_SKIP_TEMPORARY:
		return "temporary";
	case KS_SKIP_NOT_UNPACKED:
		return "not_unpacked";
	case KS_SKIP_REASON_COUNT:
		break;
	}
	return "unknown";
}

const char *ks_stage_name(enum ks_stage stage)
{
	static const char *const names[KS_STAGE_COUNT] = { "open", "scan",
		"history", "provenance" };

	return (unsigned)stage < KS_STAGE_COUNT ? names[stage] : "unknown";
}

bool ks_skip_is_incomplete(enum ks_skip_reason reason)
{
	return reason < KS_SKIP_GITLINK;
}
