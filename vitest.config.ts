import { defineConfig } from "vitest/config";

const heavy = ["**/*.corpora.test.ts", "test/browser/**", "test/packages/**"];

/** Four projects: what every machine runs, what needs the corpora, what needs a real browser, what needs the packages built and a registry. */
export default defineConfig({
  test: {
    reporters: ["default", "./test/summary-reporter.ts"],
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
          testTimeout: 60_000, // Some do the main job; a busy machine takes three times as long.
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
          testTimeout: 600_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: "packages",
          include: ["test/packages/**/*.test.ts"],
          testTimeout: 120_000,
        },
      },
    ],
  },
});
