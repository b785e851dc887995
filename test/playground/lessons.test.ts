// Goal: each lesson works on the built page, in both languages, from the first step to the check,
// also when the person's code is wrong or never returns.
// Method: Chromium drives the page as a visitor would; it waits for what the page says, never for
// time. Pictures of each state go to test/output, for a person to look at.
import { readdirSync, readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findChromium } from "../kit/chromium.ts";
import {
  closeSite,
  findAxeViolations,
  openSite,
  picture,
  readPosition,
  type Site,
  visit,
  writeCell,
} from "./page.ts";

const folder = new URL("../../lessons/", import.meta.url);
const lessons = readdirSync(folder).filter((name) => /^\d\d-/.test(name));
const read = (lesson: string, file: string): string =>
  readFileSync(new URL(`${lesson}/${file}`, folder), "utf8");

const says = {
  en: { run: /^Run/, check: /^Check/, solution: "Show a solution", pass: "Pass", fail: "Fail" },
  zh: { run: /^运行/, check: /^检查/, solution: "看一种解法", pass: "通过", fail: "未通过" },
} as const;
const silent = { en: "did not return within 2 s", zh: "在 2 秒内没有返回" } as const;
const languages = ["en", "zh"] as const;
const cases = lessons.flatMap((lesson) => languages.map((language) => ({ lesson, language })));

describe.skipIf(findChromium() === null)("the page", { timeout: 60_000 }, () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  }, 60_000);
  afterAll(() => closeSite(site));

  const pipelineCell = (page: Page) => page.locator('lab-cell[slot="cell"]');
  const exerciseCell = (page: Page) => page.locator("lab-exercise lab-cell");
  const sentence = (page: Page) => page.locator("lab-transport .sentence");
  const hashShown = (page: Page) => page.locator("lab-header .fact b").nth(1).textContent();
  const address = (lesson: string, language: string, at = -1) =>
    `#/learn/${lesson}?lang=${language}${at < 0 ? "" : `&at=${at}`}`;

  test.each(cases)("$lesson in $language steps, goes back and scrubs", async (one) => {
    const { page, mistakes } = await visit(site, { hash: address(one.lesson, one.language) });
    await picture(page, `${one.lesson}-${one.language}-start`);
    expect(await readPosition(page)).toMatchObject({ at: 0 });

    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    const second = await sentence(page).textContent();
    await page.keyboard.press("ArrowRight");
    expect((await readPosition(page)).at).toBe(3);
    expect(await sentence(page).textContent()).not.toBe(second);
    await page.keyboard.press("ArrowLeft");
    expect((await readPosition(page)).at).toBe(2);
    expect(await sentence(page).textContent()).toBe(second);

    await page.keyboard.press("Shift+ArrowRight");
    const afterBatch = await readPosition(page);
    expect(afterBatch.at).toBeGreaterThan(3);
    await page.keyboard.press("End");
    expect((await readPosition(page)).at).toBe(afterBatch.of);
    const half = Math.floor(afterBatch.of / 2);
    await page.locator("lab-timeline input").fill(String(half));
    expect((await readPosition(page)).at).toBe(half + 1);
    await picture(page, `${one.lesson}-${one.language}-half`);
    await page.keyboard.press("Home");
    expect((await readPosition(page)).at).toBe(0);
    expect(mistakes).toEqual([]);
  });

  test.each(cases)("$lesson in $language fails its check, and its solution passes", async (one) => {
    const { page, mistakes } = await visit(site, { hash: address(one.lesson, one.language) });
    const words = says[one.language];
    const verdict = page.locator("lab-exercise .verdict");
    await exerciseCell(page).getByRole("button", { name: words.check }).click();
    await verdict.getByText(words.fail).waitFor();
    await picture(page, `${one.lesson}-${one.language}-fail`);
    const link = verdict.getByRole("link");
    if ((await link.count()) > 0) {
      const end = await readPosition(page);
      await link.click();
      expect((await readPosition(page)).at).toBeLessThanOrEqual(end.at);
    }
    await page.getByRole("button", { name: words.solution }).click();
    await exerciseCell(page).getByRole("button", { name: words.check }).click();
    await verdict.getByText(words.pass, { exact: false }).filter({ hasText: "✓" }).waitFor();
    await picture(page, `${one.lesson}-${one.language}-pass`);
    expect(mistakes).toEqual([]);
  });

  test.each(lessons)(
    "%s runs edited code, and says that a picture is out of date",
    async (lesson) => {
      const { page, mistakes } = await visit(site, { hash: address(lesson, "en", 40) });
      const before = await hashShown(page);
      const edited = read(lesson, "pipeline.ts").replaceAll(
        ".print()",
        ".filter(() => false).print()",
      );
      await writeCell(pipelineCell(page), edited);
      await page.getByText("From an earlier version of this cell").waitFor();
      await picture(page, `${lesson}-stale`);
      await page.keyboard.press("ControlOrMeta+Enter");
      await page.getByText("From an earlier version of this cell").waitFor({ state: "detached" });
      await page.locator("lab-header .fact", { hasText: "trace" }).waitFor();
      expect(await hashShown(page)).not.toBe(before);
      expect((await readPosition(page)).at).toBe(41);
      expect(mistakes).toEqual([]);
    },
  );

  test.each(lessons)("%s shows where the person's code threw", async (lesson) => {
    const { page } = await visit(site, { hash: address(lesson, "en") });
    const thrower = '.map((x): number => { throw new Error("boom " + typeof x); }).print()';
    const text = read(lesson, "pipeline.ts").replaceAll(".print()", thrower);
    const line = text.slice(0, text.indexOf("throw new")).split("\n").length;
    await writeCell(pipelineCell(page), text);
    await page.keyboard.press("ControlOrMeta+Enter");
    const problem = pipelineCell(page).locator(".problem");
    await problem.getByText("boom").waitFor();
    expect(await problem.textContent()).toContain(`line ${line},`);
    expect(await problem.textContent()).toMatch(/operator\s*map/);
    expect(await pipelineCell(page).locator(".cm-lint-marker-error").count()).toBe(1);
    expect((await readPosition(page)).of).toBeGreaterThan(3);
    await picture(page, `${lesson}-error`);
  });

  test("a syntax error names its line and column, and the earlier run stays", async () => {
    const { page } = await visit(site, { hash: address(lessons[0] ?? "", "en", 5) });
    await writeCell(pipelineCell(page), "export default (ssc) => {\n  const a = = 3;\n};\n");
    await page.keyboard.press("ControlOrMeta+Enter");
    await pipelineCell(page).getByText("line 2, column 13").waitFor();
    expect((await readPosition(page)).at).toBe(6);
    await picture(page, "syntax-error");
  });

  test.each([
    ['import { open } from "node:fs";\nexport default () => open();', "it may import from"],
    ["export const a = 1;", "has no pipeline: its default export is missing"],
    ["const a = 1;\nconst a = 2;\nexport default () => {};", "line 2, column 7"],
    ["export default () => { Math.random(); };", "would make this run differ"],
    ['export default () => { fetch("/x"); };', "fetch is not a function"],
  ])("a cell that cannot run says why: %j", async (text, message) => {
    const { page } = await visit(site, { hash: address(lessons[0] ?? "", "en") });
    await writeCell(pipelineCell(page), text);
    await page.keyboard.press("ControlOrMeta+Enter");
    await pipelineCell(page).locator(".problem", { hasText: message }).waitFor();
  });

  test.each(cases)("$lesson in $language stops an endless loop, keeps its past", async (one) => {
    const { page } = await visit(site, { hash: address(one.lesson, one.language) });
    const looper = ".map((x) => { while (x !== null) {} return x; }).print()";
    const text = read(one.lesson, "pipeline.ts").replaceAll(".print()", looper);
    await writeCell(pipelineCell(page), text);
    await page.keyboard.press("ControlOrMeta+Enter");
    await pipelineCell(page).getByText(silent[one.language]).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("End");
    const { at, of } = await readPosition(page);
    expect(of).toBeGreaterThan(3);
    expect(at).toBe(of);
    expect(await sentence(page).textContent()).toMatch(/Task \d+ of stage|的任务/);
    await picture(page, `${one.lesson}-${one.language}-loop`);

    await pipelineCell(page)
      .getByRole("button", { name: /^(?:Reset|还原)/ })
      .click();
    await pipelineCell(page).getByRole("button", { name: says[one.language].run }).click();
    await page.locator("lab-header .fact", { hasText: /trace|轨迹/ }).waitFor();
  });

  test.each(lessons)(
    "%s crashes the driver, and stops a broker, with the same past",
    async (lesson) => {
      const { page, mistakes } = await visit(site, { hash: address(lesson, "en") });
      await page.keyboard.press("Shift+ArrowRight");
      await page.keyboard.press("Shift+ArrowRight");
      const { at } = await readPosition(page);
      const said = await sentence(page).textContent();
      const calm = await hashShown(page);
      const chip = page.locator("lab-faults .chip");
      const marks = page.locator("lab-timeline .mark.fault");
      const before = await marks.count();

      await page.getByRole("button", { name: /Crash the driver/ }).click();
      await chip.getByText(`after event ${at - 1} crash driver`).waitFor();
      await marks.nth(before).waitFor();
      expect((await readPosition(page)).at).toBe(at);
      expect(await sentence(page).textContent()).toBe(said);
      await picture(page, `${lesson}-driver-crash`);

      await page.getByRole("button", { name: /Faults …/ }).click();
      const stop = page.locator("lab-fault", { hasText: "stop broker" });
      await stop.getByRole("button", { name: /Now/ }).click();
      await chip.getByText(`after event ${at - 1} for 2000 stop broker 1`).waitFor();
      await marks.nth(before + 1).waitFor();
      expect((await readPosition(page)).at).toBe(at);
      await picture(page, `${lesson}-broker-stopped`);

      await page.getByRole("button", { name: "Reset faults" }).click();
      await chip.first().waitFor({ state: "detached" });
      await page.locator("lab-header .fact", { hasText: calm ?? "" }).waitFor();
      expect((await readPosition(page)).at).toBe(at);
      expect(mistakes).toEqual([]);
    },
  );

  test("language and theme change in place and stay in the address", async () => {
    const { page } = await visit(site, { hash: address(lessons[0] ?? "", "en", 7) });
    await page.getByRole("button", { name: "中文" }).click();
    await page.getByRole("heading", { name: "练习" }).waitFor();
    expect((await readPosition(page)).at).toBe(8);
    await page.waitForURL(/at=7&lang=zh/);
    expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
    await page.getByRole("button", { name: /^主题/ }).click();
    expect(await page.locator("html").getAttribute("data-theme")).toBe("light");
  });

  test("the keyboard opens the help, leaves the editor and saves quietly", async () => {
    const { page } = await visit(site, { hash: address(lessons[0] ?? "", "en") });
    await page.keyboard.press("?");
    const help = page.getByRole("dialog", { name: "Keys" });
    await help.waitFor();
    await picture(page, "help");
    await page.keyboard.press("Escape");
    await help.waitFor({ state: "hidden" });
    await page.keyboard.press("4");
    await page.getByRole("button", { name: "Batch", pressed: true }).waitFor();
    const editor = pipelineCell(page).locator(".cm-content");
    await editor.click();
    await page.keyboard.press("ArrowRight");
    expect((await readPosition(page)).at).toBe(0);
    await page.keyboard.press("ControlOrMeta+s");
    await page.getByText("saved in this browser").waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("ArrowRight");
    expect((await readPosition(page)).at).toBeGreaterThan(1);
  });

  test.each([
    { name: "light", theme: "light", width: 1440 },
    { name: "dark", theme: "dark", width: 1440 },
    { name: "narrow", theme: "light", width: 390 },
    { name: "narrow-dark", theme: "dark", width: 390 },
  ] as const)("axe finds nothing on the $name page", async ({ name, theme, width }) => {
    const hash = address(lessons.at(-1) ?? "", "en", 120);
    const { page } = await visit(site, { hash, theme, width, height: width < 800 ? 844 : 900 });
    await picture(page, `axe-${name}`);
    expect(await findAxeViolations(page)).toEqual([]);
    if (width >= 800) return;
    await page.getByRole("button", { name: "Watch" }).click();
    await picture(page, `axe-${name}-watch`);
    expect(await findAxeViolations(page)).toEqual([]);
    const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
    expect(overflow).toBe(0);
  });
});
