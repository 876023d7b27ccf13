import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { failure } from '../model/failover-error.ts';
import { execute } from './execute.ts';
import { fromProblem, type Job, type Problem, type ResultOf } from './job.ts';
import { preparePermissions } from './permissions.ts';

/** Set by the bundler. */
declare const __VERSION__: string | undefined;

/** Sites that are done in this time need no threads, which take some to start. */
const inlineBudgetMs = 20;
/** A job that took longer here was the last one here: this thread has to answer PowerShell and keep locks fresh. */
const longMs = 100;
/** Jobs that a thread has at hand, so that it need not wait for this one. */
const depth = 2;
/** Threads without work end after this time: a session may sit idle for days. */
const idleMs = 2000;
/** A thread holds names and small buffers only. */
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 };

interface Waiting {
  readonly job: Job;
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly worker: Worker;
  readonly jobs: Waiting[];
}

/**
 * Threads that scan and copy. This thread does short jobs as well: all of them in small sites, and else as one of
 * many. Threads start when there is work for them.
 */
export class ContentWorkers {
  /** Jobs that are worked on at the same time at most. */
  readonly threads: number;
  readonly #waiting: Waiting[] = [];
  #threads: Thread[] = [];
  #inlineBusy = false;
  #inlineAllowed: boolean;
  #spentMs = 0;
  #idleTimer: NodeJS.Timeout | undefined;

  /**
   * @param threads default: as many as there are processors, 2 to 4; 0: everything is done in this thread
   * @param options.inline false: nothing is done in this thread, as each call may take long (a network)
   */
  constructor(threads = defaultThreads(), options: { readonly inline?: boolean } = {}) {
    this.threads = threads;
    this.#inlineAllowed = options.inline ?? true;
  }

  /** How many jobs may be given at the same time. */
  get capacity(): number {
    return this.#isSmallSoFar ? 1 : Math.max(1, this.threads * depth);
  }

  get #isSmallSoFar(): boolean {
    return this.#inlineAllowed && this.#spentMs < inlineBudgetMs;
  }

  /** @param isLong it may take more than some milliseconds, and must not hold up this thread */
  async run<J extends Job>(job: J, isLong = false): Promise<ResultOf<J>> {
    if (this.threads === 0 || (!isLong && (this.#isSmallSoFar || this.#isForThisThread)))
      return this.#runHere(job);
    return new Promise<ResultOf<J>>((resolve, reject) => {
      this.#waiting.push({ job, resolve, reject });
      this.#assign();
    });
  }

  async close(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const threads = this.#threads;
    this.#threads = [];
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }

  /** Where every other thread has work and this one has not. */
  get #isForThisThread(): boolean {
    const others = this.#threads.filter(({ jobs }) => jobs.length > 0);
    return this.#inlineAllowed && !this.#inlineBusy && others.length >= Math.max(1, this.threads - 1);
  }

  async #runHere<J extends Job>(job: J): Promise<ResultOf<J>> {
    this.#inlineBusy = true;
    let started = performance.now();
    try {
      await setImmediate();
      await preparePermissions(job);
      started = performance.now();
      return execute(job);
    } finally {
      this.#inlineBusy = false;
      const took = performance.now() - started;
      this.#spentMs += took;
      if (took > longMs) this.#inlineAllowed = false;
    }
  }

  #start(): Thread {
    const thread: Thread = { worker: new Worker(workerFile(), { resourceLimits }), jobs: [] };
    const { worker } = thread;
    worker.unref();
    worker.on('message', (reply: { result?: never; problem?: Problem }) => {
      const done = thread.jobs.shift();
      if (thread.jobs.length === 0) worker.unref();
      if (reply.problem !== undefined) done?.reject(fromProblem(reply.problem));
      else done?.resolve(reply.result as never);
      this.#assign();
    });
    worker.on('error', (error) => this.#lose(thread, error));
    worker.on('exit', () => this.#lose(thread, new Error('a worker thread has ended')));
    this.#threads.push(thread);
    return thread;
  }

  #assign(): void {
    clearTimeout(this.#idleTimer);
    while (this.#waiting.length > 0) {
      const next = this.#waiting[0]!;
      const thread = this.#leastBusy(this.#threadsFor(next.job));
      if (thread === undefined) return;
      this.#waiting.shift();
      thread.jobs.push(next);
      thread.worker.ref();
      thread.worker.postMessage(next.job);
    }
    if (this.#threads.every(({ jobs }) => jobs.length === 0))
      this.#idleTimer = setTimeout(() => void this.close(), idleMs).unref();
  }

  /** This thread is one of those that scan. */
  #threadsFor(job: Job): number {
    return job.kind === 'scan' && this.#inlineAllowed ? Math.max(1, this.threads - 1) : this.threads;
  }

  #leastBusy(limit: number): Thread | undefined {
    const idle = this.#threads.find(({ jobs }) => jobs.length === 0);
    if (idle !== undefined) return idle;
    if (this.#threads.length < limit) return this.#start();
    return this.#threads.find(({ jobs }) => jobs.length < depth);
  }

  #lose(thread: Thread, error: Error): void {
    const lost = failure('Internal.unexpected', { message: error.message }, { cause: error });
    for (const { reject } of thread.jobs.splice(0)) reject(lost);
    this.#threads = this.#threads.filter((other) => other !== thread);
  }
}

export function defaultThreads(): number {
  return Math.min(4, Math.max(2, availableParallelism()));
}

/** Beside the bundle, or what runs the source file where there is none. */
function workerFile(): string {
  const bundled = typeof __VERSION__ !== 'undefined';
  return join(import.meta.dirname, bundled ? 'content-worker.cjs' : '../../build/content-worker.mjs');
}
