/** What a task would need cannot be sent to it. */

import { PipelineError } from "../base/errors.ts";

/** Fails the job at once: trying the task again would not help. */
export class TaskNotSerializable extends PipelineError {}
