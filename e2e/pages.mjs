// Every page a person can come to. A page is a path, or the first link of its kind on another page (from, link);
// as is the demo login who looks at it, nobody if left out.
const visitor = [
  { name: "home", path: "/" },
  { name: "resources", path: "/resources" },
  { name: "resources-search", path: "/resources?q=%E7%94%B5%E9%95%9C&kind=instrument" },
  { name: "resources-empty", path: "/resources?q=zzzzqqqq" },
  { name: "resource", from: "/resources?kind=instrument", link: ".item-title a" },
  { name: "needs", path: "/needs" },
  { name: "programmes", path: "/programmes" },
  { name: "programme", from: "/programmes", link: "main a[href^='/programmes/']" },
  { name: "notices", path: "/notices" },
  { name: "calls", path: "/calls" },
  { name: "numbers", path: "/numbers" },
  { name: "number", from: "/numbers", link: "main a[href^='/numbers/']" },
  { name: "api", path: "/api" },
  { name: "sign-in", path: "/sign-in" },
  { name: "register", path: "/register" },
  { name: "offline", path: "/offline" },
  { name: "not-found", path: "/no-such-page", status: 404 },
];

const firm = [
  { name: "desk-firm", path: "/desk" },
  { name: "account", path: "/account" },
  { name: "orders-firm", path: "/desk/orders" },
  { name: "order-firm", from: "/desk/orders", link: "main a[href^='/desk/orders/']" },
  { name: "needs-firm", path: "/desk/needs" },
  { name: "wallet", path: "/desk/wallet" },
  { name: "messages", path: "/desk/messages" },
  { name: "need-new", path: "/needs/new" },
];

const provider = [
  { name: "desk-lab", path: "/desk" },
  { name: "resources-lab", path: "/desk/resources" },
  { name: "imports", path: "/desk/imports" },
  { name: "calendar", path: "/desk/calendar" },
  { name: "orders-lab", path: "/desk/orders" },
  { name: "redemptions-lab", path: "/desk/redemptions" },
];

const authority = [
  { name: "desk-officer", path: "/desk" },
  { name: "organisations", path: "/desk/organisations" },
  { name: "vouchers", path: "/desk/vouchers" },
  { name: "redemptions-officer", path: "/desk/redemptions" },
];

const operator = [
  { name: "desk-operator", path: "/desk" },
  { name: "audit", path: "/desk/audit" },
  { name: "outbox", path: "/desk/outbox" },
  { name: "outgoing", path: "/desk/outgoing" },
  { name: "permissions", path: "/desk/permissions" },
  { name: "components", path: "/desk/components" },
];

const as = (login, list) => list.map((page) => ({ as: login, ...page }));

export const pages = [...visitor, ...as("firm", firm), ...as("lab", provider), ...as("officer", authority), ...as("operator", operator)];

/** The pages that are looked at in every mode. */
export const inModes = ["home", "resources", "orders-firm", "register", "components"];

/** The display preferences, as cookies. */
export const modes = [{ lang: "en" }, { theme: "dark" }, { size: "large" }, { contrast: "more" }, { lang: "en", theme: "dark", size: "large", contrast: "more" }];
