/** The table of contents of @undertone/core/threads: jobs on threads. */
export {
  type LostThread,
  replyTo,
  type Thread,
  type ThreadEvents,
  ThreadPool,
  type ThreadReply,
} from "./thread-pool.js";
