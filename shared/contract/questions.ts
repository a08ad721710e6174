import * as z from 'zod';
import { call, nothing, topic } from '../ipc/define.ts';
import { questionAnswerSchema, questionSchema } from '../model/question.ts';

/** What main asks the person, and their answers. */
export const questionsCalls = {
  /** Answers an open question. One that is not open any more is left alone: it was answered elsewhere, or nobody waits for it. */
  'questions.answer': call(questionAnswerSchema, nothing),
};

export const questionsTopics = {
  /** The questions that are open, the oldest first. A page that comes later sees them too. */
  questions: topic(z.array(questionSchema)),
};
