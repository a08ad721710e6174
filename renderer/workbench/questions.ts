import type { Question, QuestionAnswer } from '../../shared/model/question.ts';
import type { AppState } from '../state/app-state.ts';
import { findCluster } from '../state/clusters.ts';
import { displayText } from '../ui/display-text.ts';
import { findLoginDialog, relogin } from './with-relogin.ts';

/** What the reasons of main hold: names from outside, and words of our own around them. */
const longestReason = 300;

/** Shows main's open questions as dialogs, tells main how they were closed, and takes away those that are not open any more. Returns what ends that. */
export function followQuestions(app: AppState): () => void {
  /** Takes the dialog of a question away, by the question's id. */
  const shown = new Map<string, () => void>();
  const answer = (id: string, word: QuestionAnswer['answer']) => {
    // What was answered elsewhere in the meantime is not open any more.
    if (shown.delete(id)) app.main.call('questions.answer', { id, answer: word }).catch(() => {}); // main is gone, and its question with it
  };
  const stop = app.main.subscribe('questions', (questions) => {
    for (const [id, close] of [...shown]) {
      if (questions.some((question) => question.id === id)) continue;
      shown.delete(id);
      close();
    }
    for (const question of questions) if (!shown.has(question.id)) show(app, question, shown, answer);
  });
  return () => {
    stop();
    const left = [...shown.values()];
    shown.clear();
    for (const close of left) close();
  };
}

function show(app: AppState, question: Question, shown: Map<string, () => void>, answer: (id: string, word: QuestionAnswer['answer']) => void): void {
  const { id, cluster } = question;
  const reason = displayText(question.reason, longestReason);
  switch (question.kind) {
    case 'login': {
      const isOwn = findLoginDialog(app, cluster) === undefined;
      const closed = relogin(app, cluster, reason);
      const dialog = findLoginDialog(app, cluster);
      // Somebody logged in by another way, or the question was answered in another window. A dialog that the person opened here stays.
      shown.set(id, () => isOwn && dialog?.answer(findCluster(app.clusters.getState(), cluster)?.status === 'signed-in' ? cluster : null));
      // A login is main's own to see.
      void closed.then((key) => (key === null ? answer(id, 'declined') : shown.delete(id)));
      return;
    }
    case 'confirm': {
      const dialog = app.dialogs.getState().open({
        kind: 'confirm',
        title: displayText(question.title, longestReason),
        text: reason,
        action: displayText(question.action, 60),
        danger: false,
      });
      shown.set(id, () => dialog.answer(null));
      void dialog.answered.then((agreed) => answer(id, agreed === null ? 'declined' : 'agreed'));
      return;
    }
    case 'mfa':
      // No proof can be given here yet; who asked refuses with a sentence of its own.
      shown.set(id, () => {});
      answer(id, 'declined');
  }
}
