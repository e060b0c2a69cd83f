/* Runs recipes inside another program: libimbrex_session.so does what `imbrex run` does, by functions of C.
 * imbrex/session.hpp wraps them for C++, the Python package imbrex for Python (sdk/docs/embedding.md).
 *
 * Threads: functions of one session are called by one thread at a time, imbrex_session_cancel by any at any
 * time. Several sessions are independent of one another and may run at once.
 * Errors: a function that can fail returns a status, or NULL, and the session then holds the message: the text
 * that the command would print. No exception leaves the library, nothing is written to stdout or stderr, and no
 * signal handler is installed. A component that crashes takes the process with it.
 * Texts: UTF-8, ended by a zero. What a session returns is its own: valid until the next call that may fail of
 * the same session, or its end. Arguments are copied.
 * Plugins: found as the command finds them; the default folder is imbrex/plugins beside the library. What was
 * loaded stays loaded until the process ends. */
#ifndef IMBREX_SESSION_H
#define IMBREX_SESSION_H

#include <stddef.h>
#include <stdint.h>

#define IMBREX_SESSION_API __attribute__((visibility("default")))

#ifdef __cplusplus
extern "C" {
#endif

/* Grows when a function, or a member below, changes its meaning or goes away; new ones do not count, and new
 * members come last. A program asks for the number that it was compiled with. */
#define IMBREX_SESSION_INTERFACE 1
IMBREX_SESSION_API int imbrex_session_interface(void);
/* "0.1.0": of Imbrex. */
IMBREX_SESSION_API const char* imbrex_session_version(void);

/* The exit codes of the command. */
typedef enum imbrex_status {
  IMBREX_DONE = 0,
  IMBREX_FAILED = 1,       /* a component or the machine failed; the message names the component */
  IMBREX_BAD_INPUT = 2,    /* the recipe, a file, an override, or a call that comes too early */
  IMBREX_INFEASIBLE = 3,   /* no design fits; the message says what lacks and by how much */
  IMBREX_INTERRUPTED = 130 /* cancelled; what was found until then is there, unless that was nothing */
} imbrex_status;

typedef struct imbrex_session imbrex_session;
/* NULL when there is no memory. */
IMBREX_SESSION_API imbrex_session* imbrex_session_create(void);
/* NULL is nothing. Not while it runs. */
IMBREX_SESSION_API void imbrex_session_destroy(imbrex_session* session);

/* --- What to run: in any order; the plan is made anew by the next resolve or run ---------------------- */

/* As --plugin: a library beside those of the search path, preferred to them. */
IMBREX_SESSION_API imbrex_status imbrex_session_add_plugin(imbrex_session* session, const char* file);
/* A recipe, or a result folder, which stands for the plan.toml in it. Forgets overrides and results. */
IMBREX_SESSION_API imbrex_status imbrex_session_read_file(imbrex_session* session, const char* path);
/* A recipe that is in no file: paths in it start at `folder`, "" for the working directory, and messages call
 * it `folder`/recipe.toml. */
IMBREX_SESSION_API imbrex_status imbrex_session_read_text(imbrex_session* session, const char* recipe,
                                                          const char* folder);
/* As --set "stage.1.granularity=pixel", --unset "baseline", --profile "small"; in this order. Checked by
 * resolve. Relative paths start at the working directory. */
IMBREX_SESSION_API imbrex_status imbrex_session_set(imbrex_session* session, const char* setting);
IMBREX_SESSION_API imbrex_status imbrex_session_unset(imbrex_session* session, const char* key);
IMBREX_SESSION_API imbrex_status imbrex_session_use_profile(imbrex_session* session, const char* profile);

/* Loads the plugins and checks everything that can be known before a run: done or bad input, with every
 * complaint at once. */
IMBREX_SESSION_API imbrex_status imbrex_session_resolve(imbrex_session* session);
/* The plan as a recipe that says everything; resolves first. Its paths start at `folder`. */
IMBREX_SESSION_API const char* imbrex_session_plan_toml(imbrex_session* session, const char* folder);

/* --- What was said ----------------------------------------------------------------------------------- */

/* Of the last call that may fail: what it returned, or would have returned, and why; "" when it was done. */
IMBREX_SESSION_API imbrex_status imbrex_session_status(const imbrex_session* session);
IMBREX_SESSION_API const char* imbrex_session_message(const imbrex_session* session);
/* Of the last resolve: decisions taken for the user, overrides without effect. One or more lines each. */
IMBREX_SESSION_API const char* imbrex_session_notes(const imbrex_session* session);

/* Both texts in parts, errors first. */
typedef struct imbrex_diagnostic {
  const char* severity;   /* "error", "warning", "note" */
  const char* message;    /* without place and quoted lines */
  const char* file;       /* "" when it is about none */
  uint32_t line;          /* from 1; 0 when it is about none */
  uint32_t column;        /* likewise, in bytes */
  const char* suggestion; /* what is proposed instead; "" when nothing is */
  const char* excerpt;    /* lines of the file, and a caret below the column; "" without */
} imbrex_diagnostic;
IMBREX_SESSION_API size_t imbrex_session_diagnostic_count(const imbrex_session* session);
/* NULL beyond the last one, as all functions of this kind. */
IMBREX_SESSION_API const imbrex_diagnostic* imbrex_session_diagnostic(const imbrex_session* session,
                                                                      size_t index);

/* --- Running ----------------------------------------------------------------------------------------- */

/* How far a stage is; texts are valid during the call. */
typedef struct imbrex_progress {
  const char* component; /* id */
  const char* what;      /* what it says of its work, e.g. "120 of 1000 designs"; "" when it says nothing */
  size_t stage;          /* from 1 */
  size_t stages;
  int is_baseline;
  double fraction;     /* that the component says, in [0, 1]; below 0: it says none */
  int64_t evaluations; /* designs scored by the stage */
  int has_best;
  double best;      /* objective of the best one, in ps, pJ or pJ*s */
  double elapsed_s; /* of the stage */
} imbrex_progress;
/* At the beginning of every stage and ten times a second at most, one call at a time, from any thread of the
 * run, which waits meanwhile. Must not throw, and may call imbrex_session_cancel only. */
typedef void (*imbrex_on_progress)(const imbrex_progress* progress, void* data);
/* A line that a component logs: "warning" or "error". Called likewise. */
typedef void (*imbrex_on_log)(const char* severity, const char* component, const char* line, void* data);
/* NULL ends it. */
IMBREX_SESSION_API void imbrex_session_on_progress(imbrex_session* session, imbrex_on_progress call, void* data);
IMBREX_SESSION_API void imbrex_session_on_log(imbrex_session* session, imbrex_on_log call, void* data);

/* Resolves unless that was done, runs, and keeps the result until the next run. `threads`: 0 for all cores;
 * results do not depend on it. Interrupted: with a result that is marked "partial", or with none. */
IMBREX_SESSION_API imbrex_status imbrex_session_run(imbrex_session* session, int threads);
/* [any thread] Ends the run that goes on, or, while none does, the next one as it begins. Does not wait;
 * components answer within 100 ms or so. */
IMBREX_SESSION_API void imbrex_session_cancel(imbrex_session* session);

/* --- Results: NULL, or none, without a run that was done or interrupted with a partial result -------- */

/* result.json, byte for byte (sdk/docs/results.md). */
IMBREX_SESSION_API const char* imbrex_session_result_json(const imbrex_session* session);

typedef struct imbrex_metric {
  const char* name; /* ends in its unit: "latency_ps" */
  int is_integer;
  int64_t integer;
  double real; /* of integers too, rounded beyond 2^53 */
} imbrex_metric;
IMBREX_SESSION_API size_t imbrex_session_metric_count(const imbrex_session* session);
IMBREX_SESSION_API const imbrex_metric* imbrex_session_metric(const imbrex_session* session, size_t index);

/* A mapped operator, in the order of the workload; everything else is in result.json. */
typedef struct imbrex_operator {
  const char* name;
  const char* kind; /* "conv2d" */
  int64_t start_ps;
  int64_t end_ps;
  int64_t busy_ps;
  int64_t jobs;
  int64_t servers;
  int64_t units; /* of the architecture's resource, all copies together */
  int64_t copies;
} imbrex_operator;
IMBREX_SESSION_API size_t imbrex_session_operator_count(const imbrex_session* session);
IMBREX_SESSION_API const imbrex_operator* imbrex_session_operator(const imbrex_session* session, size_t index);

/* The folder that `imbrex run --out FOLDER` would leave, at once or not at all; the reporters of the recipe run
 * now. `replace`: as --force. Bad input when something is there. */
IMBREX_SESSION_API imbrex_status imbrex_session_write(imbrex_session* session, const char* folder, int replace);

/* --- Components -------------------------------------------------------------------------------------- */

/* As `imbrex plugins --json` and `imbrex describe ID --json`; with the plugins of the recipe, if there is one. */
IMBREX_SESSION_API const char* imbrex_session_components_json(imbrex_session* session);
IMBREX_SESSION_API const char* imbrex_session_describe_json(imbrex_session* session, const char* id);

#ifdef __cplusplus
}
#endif
#endif
