// The story of one voucher as people live it, each in a browser of their own: a firm registers, gets a quota, states a
// need, books and commissions; the provider works and claims; the authority pays. The same story as internal/demo tells
// over the API, with the slips people make. `node --test e2e/story.test.mjs`; BASE as for browser.test.mjs.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, describe, test } from "node:test";
import { Browser } from "./browser.mjs";
import { Person } from "./person.mjs";

const phone = { width: 390 };
const firm = {
  name: "示例·试飞复材有限公司", // an invented firm
  code: "Y1999999909090905A", // its last digit is wrong
  person: "示例·顾试飞",
  login: "story@demo.qiao",
  password: "qiao-demo-2026",
};
const need = "我们在做无人机机身用的碳纤维复合材料板，想测拉伸和层间剪切强度，还要看一看断口的微观形貌，最好两周内能拿到数据报告。";
const purpose = "研发无人机机身用碳纤维复合材料，需要做力学性能测试和断口分析。";
const instrument = "场发射扫描电子显微镜";
const service = "碳纤维复合材料层合板力学性能测试";
const numbers = ["开放资源", "机构", "服务订单", "完成订单", "服务机时", "服务金额", "创新券发放", "创新券使用", "创新券兑付", "需求匹配率"];

let browser;
let stopped = false; // by the first step that failed
const known = {}; // what one step leaves for the next: addresses, amounts

before(async () => {
  browser = await Browser.launch();
});
after(() => browser?.close());

/** A step of the story; the rest is not told when one fails. */
function step(name, tell) {
  test(name, { timeout: 120_000 }, async (t) => {
    if (stopped) return t.skip("a step before failed");
    stopped = true;
    await tell();
    stopped = false;
  });
}

/** Lets somebody do something and get up again; refused is the one status that is meant to come. */
async function visit(who, path, tell, { refused, ...options } = {}) {
  const person = await Person.arrive(browser, path, { as: who, ...options });
  await tell(person).catch(async (error) => {
    error.message += `\n${person.page.url()}\n${await person.text()}`; // what the person saw then
    throw error;
  });
  await person.leaves(refused);
}

const yuan = (text) => Number(/¥([\d,.]+)/.exec(text)[1].replaceAll(",", ""));
const beijing = (hoursAgo) => new Date(Date.now() + (8 - hoursAgo) * 3_600_000).toISOString().slice(0, 16);
const paper = (name, text) => ({ name, mimeType: "application/pdf", buffer: Buffer.from(`%PDF-1.4\n% ${text}（虚构）\n`) });

describe("the story of one voucher", { concurrency: 1 }, () => {
  step("a visitor looks at the region's numbers", async () => {
    await visit(undefined, "/numbers", async (visitor) => {
      await visitor.on("地区数据");
      known.numbers = await readNumbers(visitor);
    });
  });

  step("a firm registers although its code's check digit is wrong", async () => {
    const typed = { 单位名称: firm.name, 统一社会信用代码: firm.code, 地址: "嘉兴市南湖区（虚构地址）试飞路 1 号", 姓名: firm.person, "邮箱（用来登录）": firm.login };
    await visit(
      undefined,
      "/",
      async (visitor) => {
        await visitor.page.getByRole("link", { name: "注册" }).first().click();
        await visitor.on("注册单位");
        await visitor.fill({ ...typed, 设置密码: firm.password });
        await visitor.tick("企业");
        await visitor.field("所在地区").selectOption({ label: "南湖区 330402" });
        await visitor.press("提交注册");
        await visitor.sees("代码没有通过校验，但证照上确是如此？", "密码不会保留在页面上，请再输入一次");
        await visitor.typed(typed);
        assert.equal(await visitor.field("所在地区").inputValue(), "330402");
        await visitor.tick("我已核对，代码与证照一致");
        await visitor.fill({ 依据: "示例证照 0001 号，虚构机关 2014 年颁发。", 设置密码: firm.password });
        await visitor.press("提交注册");
        await visitor.sees("注册已提交，主管部门核验后会通知您。", firm.name, "待核验");
        browser.sessions.set("story", visitor.page.context().storageState());
        await browser.session("story");
      },
      { refused: 422 },
    );
  });

  step("an officer, reading English, verifies the firm", async () => {
    await visit(
      "officer",
      "/desk/organisations",
      async (officer) => {
        await officer.row(firm.code).getByRole("link").first().click();
        await officer.sees("示例证照 0001 号");
        await officer.press("Verify");
        await officer.sees(/verified/i);
      },
      { cookies: { lang: "en" } },
    );
  });

  step("the firm applies for a quota, at first for too much", async () => {
    const typed = { 打算购买什么服务: purpose };
    await visit(
      "story",
      "/desk/wallet",
      async (clerk) => {
        await clerk.sees("还没有创新券");
        await clerk.follow("申请创新券");
        await clerk.on("申请创新券");
        await clerk.fill({ 申请额度: "100,001", ...typed });
        for (const box of await clerk.main.getByRole("checkbox").all()) await box.check();
        await clerk.press("提交申请");
        await clerk.sees(/超过还可申请的/);
        await clerk.typed({ 申请额度: "100,001", ...typed });
        await clerk.type("申请额度", "50,000");
        await clerk.press("提交申请");
        await clerk.sees(/申请 QSQ\S+ 已提交/);
      },
      { refused: 422 },
    );
  });

  step("an officer approves it and the wallet shows it", async () => {
    await visit("officer", "/desk/vouchers", async (officer) => {
      await officer.row(firm.name).getByRole("link").first().click();
      await officer.sees(purpose, "规则核对");
      await officer.press("批准", { exact: true });
      await officer.sees(/申请 QSQ\S+ 已批准/);
    });
    await visit("story", "/desk/wallet", async (clerk) => {
      await clerk.sees(/示例·创新券 20\d\d 嘉兴/, /可用 ¥50,000/);
    });
  });

  for (const [file, good, wrong] of [
    ["instruments-qiao.xlsx", 5, ["6 仪器设备名称 缺少名称", "7 仪器分类编码 “旋转蒸发”不是", "8 对外单价（元） “二百左右”不是金额"]],
    ["instruments-nrii-gbk.csv", 2, [/^4 原值.*“五十万”不是/]],
    ["equipment-uniquip.csv", 3, []],
  ])
    step(`the lab uploads ${file} twice`, async () => {
      for (const first of [true, false])
        await visit("lab", "/desk/imports", async (lab) => {
          await lab.field("清单文件").setInputFiles(`internal/demo/files/${file}`);
          await lab.press("上传");
          await lab.on("导入结果");
          await lab.sees(first ? `新增 ${good} 行，更新 0 行，0 行没有变化，${wrong.length} 行需要更正。` : `新增 0 行，更新 0 行，${good} 行没有变化，${wrong.length} 行需要更正。`);
          for (const row of wrong) await lab.main.getByRole("row", { name: row }).waitFor(); // its number, column and reason
        });
    });

  step("the firm states a need on a phone, sees candidates with reasons and gaps, and accepts one", async () => {
    await visit("story", "/needs/new", stateNeed, phone);
  });

  step("it books a slot on a phone; a second person who wants it too is told that it is taken", async () => {
    const rival = await Person.arrive(browser, "/", { as: "firm2", ...phone });
    const slot = await choose(rival);
    await visit("story", "/", (clerk) => book(clerk, slot), phone);
    await rival.press("提交预约");
    await rival.sees("很抱歉，这个时段刚刚被别人约走了。请另选一个空闲时段，您填写的内容都还在。");
    await rival.typed({ 用途: purpose });
    await rival.leaves(409);
  });

  step("it commissions a test of the candidate it accepted", async () => {
    await visit("story", known.need, commission, phone);
  });

  step("the lab accepts the booking, logs the machine's time and hands over the report", async () => {
    await visit("lab", known.booking.path, async (lab) => {
      await lab.press("接受预约");
      await lab.sees("已接受");
      await serve(lab, 5, 3);
    });
  });

  step("the lab quotes the commission, the firm accepts, the lab works and reports", async () => {
    await visit("lab", known.commission.path, quote);
    await visit("story", known.commission.path, acceptQuote);
    await visit("lab", known.commission.path, async (lab) => {
      await lab.unfold("登记样品已收");
      await lab.type("样品情况", "样品完好，编号已贴。");
      await lab.press("登记样品已收");
      await lab.sees("样品已收");
      await serve(lab, 2, 1);
    });
  });

  step("the firm confirms and rates both", async () => {
    for (const order of [known.booking, known.commission]) await visit("story", order.path, confirmAndRate);
    await visit("story", "/desk/wallet", async (clerk) => {
      const used = known.booking.voucher + known.commission.voucher;
      assert.deepEqual(await pocket(clerk), { 可用: 50_000 - used, 订单占用: 0, 已使用: used });
    });
  });

  step("the lab claims the redemption with its documents", async () => {
    await visit("lab", "/desk/redemptions", claim);
  });

  step("an officer verifies the claim and sees that another has to approve it", async () => {
    await visit("officer", known.claim, async (officer) => {
      await officer.press("核验通过");
      await officer.sees("待批准", "这笔兑付由您核验，批准须由另一位工作人员办理。");
      assert.equal(await officer.main.getByRole("button", { name: "批准", exact: true }).count(), 0);
    });
  });

  step("the second officer approves, publishes and pays", async () => {
    await visit("officer2", known.claim, async (officer) => {
      for (const [verb, state] of [["批准", "待公示"], ["发布公示", "公示中"], ["确认支付", "已支付"]]) {
        await officer.press(verb, { exact: true });
        await officer.sees(state);
      }
    });
  });

  step("a visitor reads the public notice, which does not name the firm", async () => {
    await visit(undefined, "/notices", async (visitor) => {
      await visitor.row(known.claimNumber).getByRole("link").first().click();
      await visitor.sees(known.booking.number, known.commission.number, "用券企业的名称不公示");
      assert.ok(!(await visitor.text()).includes(firm.name));
    });
  });

  step("the region's numbers moved", async () => {
    await visit(undefined, "/numbers", async (visitor) => {
      const { 需求匹配率: matched, ...moved } = await until(visitor, async () => changes(known.numbers, await readNumbers(visitor)));
      assert.deepEqual(moved, expected());
      assert.ok(matched > 0, "one more need found its match");
      await visitor.follow("服务订单");
      await visitor.sees("明细已脱敏", "某企业·南湖区");
      assert.ok(!(await visitor.text()).includes(firm.name));
    });
  });

  step("the auditor sees who did what, and that the chain is whole", async () => {
    await visit("auditor", "/desk/audit", audit);
  });
});

async function stateNeed(clerk) {
  await clerk.type("您的需求", need);
  await clerk.press("发布并查看候选");
  await clerk.sees(need, "从文字中读出的要求", service);
  const candidate = clerk.main.getByRole("listitem").filter({ has: clerk.page.getByRole("heading", { name: service }) });
  assert.match(await candidate.innerText(), /符合：/);
  assert.match(await clerk.text(), /未知：|不符：/);
  await clerk.press(`接受 示例·${service}`);
  await clerk.main.getByRole("link", { name: /^委托服务/ }).waitFor();
  known.need = clerk.path();
}

/** Searches the instrument, ticks a free slot and goes on to the price; tells the slot. */
async function choose(person, slot) {
  await person.page.locator("input[type=search]").filter({ visible: true }).first().fill(instrument);
  await person.page.keyboard.press("Enter");
  await person.follow(instrument);
  const board = person.page.getByRole("group", { name: "选择时段" });
  const box = board.getByRole("checkbox", { name: slot }).filter({ visible: true }).first();
  slot ??= (await box.locator("..").innerText()).trim();
  await box.check();
  await person.press(/^预约/);
  await person.type("用途", purpose);
  await person.press("下一步：核对价格");
  await person.on("核对并提交预约");
  return slot;
}

async function book(clerk, slot) {
  await choose(clerk, slot);
  known.booking = await parts(clerk);
  await clerk.press("提交预约");
  await clerk.sees("预约已提交，时段已为您保留");
  Object.assign(known.booking, await numbered(clerk));
  await clerk.go("/desk/wallet");
  assert.deepEqual(await pocket(clerk), { 可用: 50_000 - known.booking.voucher, 订单占用: known.booking.voucher, 已使用: 0 });
  await clerk.sees("订单占用");
}

/** The price with its two parts, as the page shows them before anybody commits to anything. */
async function parts(person) {
  await person.sees("创新券支付", "自付");
  const text = (await person.text()).replaceAll("\n", " ");
  const [voucher, own, price] = ["创新券支付", "自付", "合计"].map((label) => yuan(new RegExp(`${label}\\s*¥[\\d,.]+`).exec(text)[0]));
  assert.ok(voucher > 0 && own > 0 && voucher + own === price, `${voucher} + ${own} = ${price}`);
  return { voucher, own, price };
}

async function numbered(person) {
  return { path: person.path(), number: /DD\S+/.exec(await person.main.getByRole("heading", { level: 1 }).innerText())[0] };
}

/** What the wallet of the programme says. */
async function pocket(clerk) {
  await clerk.on("我的创新券");
  const text = (await clerk.text()).replaceAll("\n", " ");
  return Object.fromEntries(["可用", "订单占用", "已使用"].map((label) => [label, yuan(new RegExp(`${label}\\s*¥[\\d,.]+`).exec(text.slice(text.indexOf("查看规则")))[0])]));
}

async function commission(clerk) {
  await clerk.follow(/^委托服务/);
  await clerk.fill({ 要做什么: "碳纤维环氧层合板，6 组试样，需要原始曲线。", 数量: "6", 样品说明: "250 mm × 25 mm，无危险性。" });
  await clerk.press("先试算费用");
  await parts(clerk);
  await clerk.press("提交委托");
  await clerk.sees("待报价", "按参考价估算，以报价为准。");
  known.commission = await numbered(clerk);
}

/** The lab logs a run between two moments, in hours before now, and hands over the report. */
async function serve(lab, from, to) {
  await lab.fill({ 开机时间: beijing(from), 备注: "双方商定提前上机。" });
  await lab.press("登记开机");
  await lab.sees("正在运行");
  await lab.type("停机时间", beijing(to));
  await lab.press("登记停机");
  await lab.sees("待出报告", `共 ${(from - to) * 60} 分钟`);
  await lab.field("报告文件").setInputFiles(paper("示例报告.pdf", "示例报告"));
  await lab.press("提交报告");
  await lab.sees("待确认", "示例报告.pdf");
}

async function quote(lab) {
  await lab.follow("写报价");
  await lab.fill({ 项目内容: "层合板力学性能测试", 单价或优惠: "650", 数量: "6", 报价有效至: beijing(-480).slice(0, 10) });
  await lab.press("发出报价");
  await lab.sees("已报价", "合计 ¥3,900");
}

async function acceptQuote(clerk) {
  await clerk.sees("轮到您了");
  await clerk.press("接受报价");
  await clerk.sees("已接受", "创新券部分已占用");
  Object.assign(known.commission, await parts(clerk));
  assert.equal(known.commission.price, 3_900);
}

async function confirmAndRate(clerk) {
  await clerk.press("确认验收");
  await clerk.sees("已确认");
  await clerk.main.locator("label").filter({ hasText: "5 星" }).click();
  await clerk.type("说说这次服务", "沟通顺畅，数据完整。");
  await clerk.press("发表评价");
  await clerk.sees("5 星（满分 5 星）");
}

async function claim(lab) {
  await lab.sees(known.booking.number, known.commission.number);
  await lab.follow("申请兑付");
  await lab.on("申请兑付");
  for (const box of await lab.main.getByRole("checkbox").all()) await box.uncheck();
  for (const order of [known.booking, known.commission]) await lab.tick(new RegExp(order.number));
  for (const name of ["服务合同或订单", "发票"]) await lab.field(name).setInputFiles(paper(`示例${name}.pdf`, name));
  await lab.sees("已经有了，不必再传"); // the reports are with the orders
  await lab.press("提交兑付申请");
  await lab.sees("待核验", "示例发票.pdf");
  known.claim = lab.path();
  known.claimNumber = /QDF\S+/.exec(await lab.text())[0];
}

/** The numbers of the front page by their names. */
async function readNumbers(visitor) {
  const figures = {};
  for (const name of numbers) {
    const text = await visitor.main.getByRole("listitem").filter({ has: visitor.page.getByRole("link", { name, exact: true }) }).innerText();
    figures[name] = Number(/[\d,.]+/.exec(text.slice(text.indexOf(name) + name.length))[0].replaceAll(",", ""));
  }
  return figures;
}

const changes = (before, now) => Object.fromEntries(numbers.map((name) => [name, now[name] - before[name]]));

/** By how much the story moves the numbers. */
function expected() {
  const voucher = known.booking.voucher + known.commission.voucher;
  return { 开放资源: 10, 机构: 1, 服务订单: 2, 完成订单: 2, 服务机时: 3, 服务金额: known.booking.price + known.commission.price, 创新券发放: 50_000, 创新券使用: voucher, 创新券兑付: voucher };
}

/** Looks again until the payment is counted; what follows from events takes a moment. */
async function until(visitor, look) {
  for (const end = Date.now() + 15_000; ; await visitor.page.reload()) {
    const seen = await look();
    if (seen.创新券兑付 > 0 || Date.now() > end) return seen;
  }
}

async function audit(auditor) {
  for (const [action, who] of [["redemption.verify", "示例·陆经办"], ["redemption.approve", "示例·沈复核"], ["redemption.pay", "示例·沈复核"], ["order.confirm", firm.person]]) {
    await auditor.type("动作", action);
    await auditor.press("筛选");
    await auditor.page.waitForURL(new RegExp(`action=${action}`));
    await auditor.sees(who);
    assert.match(await auditor.row(action).first().innerText(), new RegExp(who));
  }
  await auditor.press("校验整条链");
  await auditor.sees("整条链完好");
}
