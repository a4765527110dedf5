import { defineConfig } from "vitest/config";

const heavy = ["**/*.corpora.test.ts", "test/browser/**", "test/packages/**"];

/** What only a hang takes: more than ten times as long as the longest test, or what is done before it, on an idle machine. Tests have no limits of their own. */
const patience = 600_000;

/** Four projects: what every machine runs, what needs the corpora, what needs a real browser, what needs the packages built and a registry. */
export default defineConfig({
  test: {
    reporters: ["default", "./test/summary-reporter.ts"],
    testTimeout: patience,
    hookTimeout: patience,
    setupFiles: ["./test/matchers.ts"],
    // The default leaves one core to the runner, which idles: on two cores that is half of them.
    maxWorkers: "100%",
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.ts", "test/**/*.test.ts"],
          exclude: heavy,
          // Modules hold no state that a test changes, so files may share a process: a sixth less time.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "corpora",
          include: ["**/*.corpora.test.ts"],
          exclude: ["**/node_modules/**"],
          testTimeout: 6 * patience,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "packages",
          include: ["test/packages/**/*.test.ts"],
        },
      },
    ],
  },
});
