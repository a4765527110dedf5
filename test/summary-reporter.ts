/** Names every skipped test and ends the run with one line `N passed, N failed, N skipped`; what fails outside of a test counts as failed. */
import type { Reporter, TestCase, TestModule, TestSuite } from "vitest/node";

export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[] = []): void {
    let passed = 0;
    let failed = unhandled.length;
    const skipped: string[] = [];
    const notRun: string[] = [];
    for (const module of modules) {
      // A file that does not load, and a hook that fails, are failures of their own.
      const broken = [module, ...module.children.allSuites()].filter((part) => part.errors().length > 0);
      failed += broken.length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        const name = `${module.relativeModuleId} > ${test.fullName}`;
        if (state === "passed") passed++;
        else if (state === "failed") failed++;
        else if (broken.some((part) => holds(part, test)) && test.options.mode === "run") notRun.push(name);
        else skipped.push(name);
      }
    }
    list(`Not run (${notRun.length}), because what goes before them failed`, notRun);
    list(`Skipped (${skipped.length}), for want of what the name says`, skipped);
    process.stdout.write(`\n${passed} passed, ${failed} failed, ${skipped.length + notRun.length} skipped\n`);
  }
}

/** Whether the test stands in the part of a file. */
function holds(part: TestModule | TestSuite, test: TestCase): boolean {
  for (let parent: TestModule | TestSuite = test.parent; ; parent = parent.parent) {
    if (parent === part) return true;
    if (parent.type === "module") return false;
  }
}

function list(title: string, names: readonly string[]): void {
  if (names.length === 0) return;
  process.stdout.write(`\n${title}:\n`);
  for (const name of names) process.stdout.write(`  ${name}\n`);
}
