// Goal: what is broken on the page is a line of a script that can be read, edited, shared and taken
// back, and what was before it stays as it was.
// Method: Chromium drives the built page as a visitor would; it waits for what the page says.
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
} from "./page.ts";

const clicks = "#/learn/02-clickstream?lang=en";

describe.skipIf(findChromium() === null)("faults on the page", { timeout: 60_000 }, () => {
  let site: Site;
  beforeAll(async () => {
    site = await openSite();
  }, 60_000);
  afterAll(() => closeSite(site));

  const hashShown = (page: Page) => page.locator("lab-header .fact b").nth(1).textContent();
  const chips = (page: Page) => page.locator("lab-faults .chip");
  const panel = (page: Page) => page.locator("lab-fault-panel");
  const script = (page: Page) => panel(page).locator(".cm-content");
  const openPanel = (page: Page) => page.getByRole("button", { name: /Faults …/ }).click();

  async function write(page: Page, text: string): Promise<void> {
    await script(page).click();
    await script(page).press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
  }

  test("a link restores the faults, and the run is the same run", async () => {
    const faults = "at+2500+crash+driver%0Afrom+4000+to+5000+stop+broker+2";
    const { page, mistakes } = await visit(site, { hash: `${clicks}&at=300&faults=${faults}` });
    expect(await chips(page).allInnerTexts()).toEqual([
      "at 2500 crash driver",
      "from 4000 to 5000 stop broker 2",
    ]);
    const hash = await hashShown(page);
    const again = await visit(site, { hash: new URL(page.url()).hash });
    expect(await hashShown(again.page)).toBe(hash);
    expect((await readPosition(again.page)).at).toBe((await readPosition(page)).at);
    const calm = await visit(site, { hash: `${clicks}&at=300` });
    expect(await hashShown(calm.page)).not.toBe(hash);
    expect(mistakes).toEqual([]);
  });

  test("a fault of the palette is a line of the script and the link, and goes again", async () => {
    const { page, mistakes } = await visit(site, { hash: `${clicks}&at=300` });
    const calm = await hashShown(page);
    await openPanel(page);
    await panel(page).getByRole("button", { name: "Executor", exact: true }).click();
    const lose = panel(page).locator("lab-fault", { hasText: "lose executor" });
    await lose.getByLabel("executor", { exact: true }).selectOption("2");
    await lose.getByRole("button", { name: "At …" }).click();
    await lose.getByLabel("at time").fill("6100");
    await lose.getByRole("button", { name: /Add/ }).click();
    await chips(page).getByText("at 6100 lose executor 2").waitFor();
    await page.locator("lab-timeline .mark.fault").first().waitFor();
    expect(await script(page).innerText()).toContain("at 6100 lose executor 2");
    await page.waitForURL(/faults=at\+6100\+lose\+executor\+2/);
    expect((await readPosition(page)).at).toBe(301);
    await picture(page, "faults-palette");
    await chips(page).getByRole("button").click();
    await chips(page).first().waitFor({ state: "detached" });
    await page.locator("lab-header .fact", { hasText: calm ?? "" }).waitFor();
    expect(mistakes).toEqual([]);
  });

  test("a fault may wait for a moment with a name", async () => {
    const { page } = await visit(site, { hash: `${clicks}&at=300` });
    await openPanel(page);
    await panel(page).getByRole("button", { name: "Driver", exact: true }).click();
    const crash = panel(page).locator("lab-fault", { hasText: "crash driver" });
    await crash.getByRole("button", { name: "At …" }).click();
    await crash.getByLabel("When", { exact: true }).selectOption("moment");
    await crash.getByLabel("batch", { exact: true }).fill("5");
    await crash.getByRole("button", { name: /Add/ }).click();
    await chips(page).getByText("after output of batch 5 crash driver").waitFor();
    await page.locator("lab-timeline .mark.fault").first().waitFor();
  });

  test("a mistake in the script is told at its line, and nothing is run", async () => {
    const { page } = await visit(site, { hash: clicks });
    const calm = await hashShown(page);
    await openPanel(page);
    await write(page, "at 2500 crash driver\nat 3000 crush broker 1");
    await panel(page).getByText('did you mean "crash"?').waitFor();
    await panel(page).locator(".cm-lint-marker-error").waitFor();
    expect(await panel(page).locator(".problem").innerText()).toContain("line 2, column 9");
    expect(await panel(page).getByRole("button", { name: "Run the script" }).isDisabled()).toBe(
      true,
    );
    expect(await hashShown(page)).toBe(calm);
    expect(await chips(page).count()).toBe(0);
    await write(page, "at 2500 crash driver");
    await panel(page).getByRole("button", { name: "Run the script" }).click();
    await chips(page).getByText("at 2500 crash driver").waitFor();
  });

  test("a fault that its world cannot have is told at its line", async () => {
    const { page } = await visit(site, { hash: clicks });
    await openPanel(page);
    await write(page, "# two brokers are enough\nat 2500 stop broker 9");
    await panel(page).getByRole("button", { name: "Run the script" }).click();
    const problem = panel(page).locator(".problem");
    await problem.waitFor();
    expect(await problem.innerText()).toContain("the world has 1 to 2");
    expect(await panel(page).locator(".cm-lintRange-error").innerText()).toContain("at");
    await picture(page, "faults-no-such-broker");
  });

  test("a link with a fault that cannot be opens the faults and says so", async () => {
    const faults = "at+2500+stop+broker+9";
    const context = await site.browser.newContext({ viewport: { width: 1440, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${site.url}${clicks}&faults=${faults}`);
    await panel(page).locator(".problem").getByText("the world has 1 to 2").waitFor();
    await write(page, "");
    await panel(page).getByRole("button", { name: "Run the script" }).click();
    await page.locator("lab-header .fact", { hasText: "trace" }).waitFor();
  });

  const leader = "#/learn/03-leader-dies?lang=en&at=230";
  const lessonLines = [
    "from 3000 to 3600 drop link 1-2",
    "from 3000 to 3600 drop link 1-3",
    "at 3500 for 2000 crash broker 1",
  ];
  const linesShown = async (page: Page) =>
    (await script(page).locator(".cm-line").allInnerTexts()).filter((line) => line.trim() !== "");

  test("the faults that come with a lesson are lines of the script, marked as such", async () => {
    const { page, mistakes } = await visit(site, { hash: leader });
    const calm = await hashShown(page);
    await page.getByRole("button", { name: "3 faults of the lesson" }).click();
    await panel(page).waitFor();
    expect(await linesShown(page)).toEqual(lessonLines);
    expect(await script(page).locator(".cm-at-work").count()).toBe(3);
    await panel(page).getByText("What is marked (line 1–3) comes with the lesson").waitFor();
    await page.waitForURL((url) => !url.hash.includes("faults="));

    const stop = panel(page).locator("lab-fault", { hasText: "stop broker" });
    await stop.getByRole("button", { name: /Now/ }).click();
    await chips(page).getByText("after event 230 for 2000 stop broker 1").waitFor();
    expect(await chips(page).count()).toBe(1);
    expect(await linesShown(page)).toHaveLength(4);
    expect(await script(page).locator(".cm-at-work").count()).toBe(3);
    await page.waitForURL(/faults=from\+3000.*after\+event\+230/);
    await picture(page, "faults-of-the-lesson");

    await panel(page).getByRole("button", { name: "Reset" }).click();
    await page.locator("lab-header .fact", { hasText: calm ?? "" }).waitFor();
    expect(await linesShown(page)).toEqual(lessonLines);
    await page.waitForURL((url) => !url.hash.includes("faults="));
    expect(mistakes).toEqual([]);
  });

  test("a fault that comes with a lesson can be taken out, also by a link", async () => {
    const { page } = await visit(site, { hash: leader });
    const calm = await hashShown(page);
    await openPanel(page);
    await write(page, lessonLines.slice(0, 2).join("\n"));
    await panel(page).getByRole("button", { name: "Run the script" }).click();
    await page.getByRole("button", { name: "2 of 3 faults of the lesson" }).waitFor();
    await page
      .locator("lab-header .fact", { hasText: new RegExp(`trace (?!${calm})[0-9a-f]+`) })
      .waitFor();
    const edited = await hashShown(page);
    await page.waitForURL(/faults=from/);
    const again = await visit(site, { hash: new URL(page.url()).hash });
    expect(await hashShown(again.page)).toBe(edited);

    const { page: none } = await visit(site, { hash: `${leader}&faults=` });
    await none.getByRole("button", { name: "0 of 3 faults of the lesson" }).waitFor();
    expect(await none.locator("lab-timeline .mark.fault").count()).toBe(0);
    await none.getByRole("button", { name: "Reset faults" }).click();
    await none.locator("lab-header .fact", { hasText: calm ?? "" }).waitFor();
    expect(await none.locator("lab-timeline .mark.fault").count()).toBeGreaterThan(0);
  });

  test("F opens the faults and closes them", async () => {
    const { page } = await visit(site, { hash: clicks });
    await page.keyboard.press("f");
    await panel(page).waitFor();
    await page.keyboard.press("f");
    await panel(page).waitFor({ state: "detached" });
  });

  test("a fault is made and taken out by keys alone", async () => {
    const { page } = await visit(site, { hash: `${clicks}&at=300` });
    const press = async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = page.locator("lab-fault-panel :focus, lab-faults :focus");
    const tabTo = async (name: string): Promise<void> => {
      for (let stops = 0; stops < 30; stops += 1) {
        await press("Tab");
        const text = (await focused.count()) === 0 ? "" : await focused.last().innerText();
        if (text.trim() === name) return;
      }
      throw new Error(`no stop at ${name}`);
    };
    await press("f");
    await panel(page).waitFor();
    await tabTo("Executor");
    await press("Space");
    await tabTo("⚡ Now");
    await press("Enter");
    await chips(page).getByText("after event 300 lose executor 1").waitFor();
    await panel(page).getByText("lose executor").first().waitFor();
    await press("Escape");
    await panel(page).waitFor({ state: "detached" });
    expect(await page.locator("lab-faults button.palette:focus").count()).toBe(1);
    await press("Shift+Tab", "Shift+Tab", "Enter");
    await chips(page).first().waitFor({ state: "detached" });
  });

  test("what a fault needs and its world lacks is said, and values that cannot be", async () => {
    const { page } = await visit(site, { hash: clicks });
    await openPanel(page);
    // Before the first event, what the world has is known already.
    const stop = panel(page).locator("lab-fault", { hasText: "stop broker" });
    expect(await stop.getByLabel("broker", { exact: true }).locator("option").count()).toBe(2);
    await stop.getByLabel(/^for ms/).fill("two");
    await stop.getByRole("button", { name: /Now/ }).click();
    await stop.getByRole("alert").getByText("takes a whole number, 0 or more").waitFor();
    await stop.getByLabel(/^for ms/).fill("200");
    await stop.getByRole("alert").waitFor({ state: "detached" });
    await panel(page).getByRole("button", { name: "Consumer", exact: true }).click();
    const crash = panel(page).locator("lab-fault", { hasText: "crash consumer" });
    await panel(page).getByText("No consumer group reads in this world").waitFor();
    expect(await crash.getByRole("button", { name: /Now/ }).isDisabled()).toBe(true);
    await panel(page).getByRole("button", { name: "Topic", exact: true }).click();
    const remove = panel(page).locator("lab-fault", { hasText: "delete records" });
    expect(await remove.getByLabel("partition", { exact: true }).innerText()).toBe("0\n1\n2");
  });

  test("a line that struck nothing is said to have", async () => {
    const { page } = await visit(site, { hash: `${clicks}&faults=at+999000+crash+driver` });
    await openPanel(page);
    await panel(page).getByText("Nothing came of line 1").waitFor();
    await write(page, "at 2500 crash driver");
    await panel(page).getByText("Nothing came of line 1").waitFor({ state: "detached" });
  });

  test("pasted lines run together, and all of them are cleared at once", async () => {
    const { page } = await visit(site, { hash: clicks });
    const calm = await hashShown(page);
    await openPanel(page);
    const pasted = ["at 2500 crash driver", "# and then", "at 4000 for 500 stop broker 2"];
    await write(page, pasted.join("\n"));
    await page.keyboard.press("ControlOrMeta+Enter");
    await chips(page).nth(1).waitFor();
    expect(await linesShown(page)).toEqual(pasted);
    await page.waitForURL(/faults=at\+2500.*and\+then.*stop\+broker\+2/);
    await panel(page).getByRole("button", { name: "Clear" }).click();
    await chips(page).first().waitFor({ state: "detached" });
    await page.locator("lab-header .fact", { hasText: calm ?? "" }).waitFor();
    expect(await linesShown(page)).toEqual([]);
    await page.waitForURL((url) => !url.hash.includes("faults="));
  });

  test.each([
    { name: "light", theme: "light", width: 1440, language: "en" },
    { name: "dark", theme: "dark", width: 1000, language: "zh" },
    { name: "narrow", theme: "light", width: 390, language: "zh" },
  ] as const)(
    "axe finds nothing in the palette: $name",
    async ({ name, theme, width, language }) => {
      const hash = `#/learn/02-clickstream?lang=${language}&at=120&faults=at+2500+crash+driver`;
      const { page } = await visit(site, { hash, theme, width });
      await page.keyboard.press("f");
      // Between them they have every kind of field, a fault that has nothing to strike, and a value
      // that cannot be.
      const open = (group: number) => panel(page).locator(".groups button").nth(group).click();
      const when = panel(page).locator("lab-fault .acts button").nth(1);
      await open(1);
      await when.click();
      expect(await findAxeViolations(page)).toEqual([]);
      await open(5);
      await panel(page).locator(".lack").waitFor();
      expect(await findAxeViolations(page)).toEqual([]);
      await open(10);
      await when.click();
      const field = panel(page).locator("lab-fault .when input").first();
      await field.fill("soon");
      await panel(page).locator("lab-fault .when button").first().click();
      await panel(page).locator(".mistake").waitFor();
      expect(await field.getAttribute("aria-invalid")).toBe("true");
      expect(await findAxeViolations(page)).toEqual([]);
      await picture(page, `faults-${name}`);
      const overflow = await page.evaluate("document.documentElement.scrollWidth - innerWidth");
      expect(overflow).toBe(0);
    },
  );
});
