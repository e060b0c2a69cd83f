/* one_run RECIPE [KEY=VALUE ...]: prints every metric of a run; returns what the command would return. */
#include <imbrex/session.h>
#include <inttypes.h>
#include <stdio.h>

static void print_metrics(const imbrex_session* session) {
  size_t i;
  for (i = 0; i < imbrex_session_metric_count(session); ++i) {
    const imbrex_metric* const metric = imbrex_session_metric(session, i);
    if (metric->is_integer) {
      printf("%s %" PRId64 "\n", metric->name, metric->integer);
    } else {
      printf("%s %g\n", metric->name, metric->real);
    }
  }
}

static imbrex_status run(imbrex_session* session, int argc, char** argv) {
  int i;
  imbrex_status status = imbrex_session_read_file(session, argv[1]);
  for (i = 2; i < argc && status == IMBREX_DONE; ++i) {
    status = imbrex_session_set(session, argv[i]);
  }
  return status == IMBREX_DONE ? imbrex_session_run(session, 0) : status;
}

int main(int argc, char** argv) {
  imbrex_status status = IMBREX_BAD_INPUT;
  imbrex_session* session;
  if (argc < 2 || imbrex_session_interface() != IMBREX_SESSION_INTERFACE) {
    fprintf(stderr, "usage: one_run RECIPE [KEY=VALUE ...]\n");
    return status;
  }
  session = imbrex_session_create();
  if (session == NULL) {
    return IMBREX_FAILED;
  }
  status = run(session, argc, argv);
  print_metrics(session);
  if (status != IMBREX_DONE) {
    fprintf(stderr, "%s\n", imbrex_session_message(session));
  }
  imbrex_session_destroy(session);
  return status;
}
