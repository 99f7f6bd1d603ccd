// Every page a person can come to. A page is a path, or the first link of its kind on another page (from, link);
// then a link on that one (then), then with something added to the address (add); as is the demo login who looks at it,
// nobody if left out.
const visitor = [
  { name: "home", path: "/" },
  { name: "resources", path: "/resources" },
  { name: "resources-search", path: "/resources?q=%E7%94%B5%E9%95%9C&kind=instrument" },
  { name: "resources-empty", path: "/resources?q=zzzzqqqq" },
  { name: "resources-filtered", path: "/resources?q=%E7%94%B5%E9%95%9C&region=330402&price_from=1&price_to=2" },
  { name: "resources-bad-filter", path: "/resources?q=%E7%94%B5%E9%95%9C&price_from=many&free_on=soon" },
  { name: "resources-table", path: "/resources?view=table&sort=distance" },
  { name: "resources-map", path: "/resources/map?kind=instrument" },
  { name: "comparison", from: "/resources?kind=instrument", link: ".item-acts a", then: ".tray a" },
  { name: "comparison-empty", path: "/comparison" },
  { name: "resource", from: "/resources?kind=instrument", link: ".item-title a" },
  { name: "expert", from: "/resources?kind=expert", link: ".item-title a" },
  { name: "organisation", from: "/resources?kind=instrument", link: ".item-title a", then: "main a[href^='/organisations/']" },
  { name: "needs", path: "/needs" },
  { name: "need", from: "/needs", link: ".item-title a" },
  { name: "programmes", path: "/programmes" },
  { name: "programme", from: "/programmes", link: "main a[href^='/programmes/']" },
  { name: "notices", path: "/notices" },
  { name: "notice", from: "/notices", link: "main a[href^='/notices/']" },
  { name: "calls", path: "/calls" },
  { name: "call", from: "/calls", link: ".item-title a" },
  { name: "numbers", path: "/numbers" },
  { name: "number", from: "/numbers", link: "main a[href^='/numbers/']" },
  { name: "providers-pool", path: "/providers" },
  { name: "certificate", from: "/providers", link: ".item-title a", then: "main a[href^='/certificates/']" },
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
  { name: "wallet-apply", path: "/desk/wallet/apply" },
  { name: "book", from: "/resources?kind=instrument&q=%E6%89%AB%E6%8F%8F%E7%94%B5%E5%AD%90%E6%98%BE%E5%BE%AE%E9%95%9C", link: ".item-title a", add: "/book" },
  { name: "commission", from: "/resources?kind=service", link: ".item-title a", add: "/commission" },
  { name: "searches", path: "/desk/searches" },
  { name: "search-new", path: "/desk/searches/new?q=%E7%94%B5%E9%95%9C" },
  { name: "favourites", path: "/desk/favourites" },
  { name: "seen", path: "/desk/seen" },
  { name: "call-listed", from: "/calls?q=%E9%AB%98%E6%96%B0%E6%8A%80%E6%9C%AF%E4%BC%81%E4%B8%9A", link: ".item-title a" },
  { name: "messages", path: "/desk/messages" },
  { name: "messages-settings", path: "/desk/messages/settings" },
  { name: "need-new", path: "/needs/new" },
];

const provider = [
  { name: "desk-lab", path: "/desk" },
  { name: "resources-lab", path: "/desk/resources" },
  { name: "resource-new", path: "/desk/resources/new" },
  { name: "resource-edit", from: "/desk/resources", link: "main th a" },
  { name: "resource-history", from: "/desk/resources", link: "main th a", add: "/history" },
  { name: "bulk-edits", path: "/desk/bulk-edits" },
  { name: "reviews-lab", path: "/desk/reviews" },
  { name: "membership", path: "/desk/membership" },
  { name: "agreement", from: "/desk/membership", link: "main a[href$='/agreement']" },
  { name: "certificates", path: "/desk/certificates" },
  { name: "certificate-desk", from: "/desk/certificates", link: "main th a" },
  { name: "certificate-new", path: "/desk/certificates/new" },
  { name: "reporting", path: "/desk/reporting" },
  { name: "equipment", path: "/desk/equipment" },
  { name: "imports", path: "/desk/imports" },
  { name: "import-draft", from: "/desk/imports", link: "main a[href^='/desk/import-drafts/']" },
  { name: "mappings", path: "/desk/mappings" },
  { name: "mapping", from: "/desk/mappings", link: "main th a" },
  { name: "national", path: "/desk/national" },
  { name: "calendar", path: "/desk/calendar" },
  { name: "orders-lab", path: "/desk/orders" },
  { name: "order-lab", from: "/desk/orders?show=all", link: "main th a" },
  { name: "redemptions-lab", path: "/desk/redemptions" },
  { name: "duplicates-lab", path: "/desk/duplicates" },
  { name: "duplicate-lab", from: "/desk/duplicates", link: ".item-title a" },
  { name: "redemption-new", from: "/desk/redemptions", link: "main a[href^='/desk/redemptions/new']" },
];

const authority = [
  { name: "desk-officer", path: "/desk" },
  { name: "organisations", path: "/desk/organisations" },
  { name: "names", path: "/desk/names?q=%E6%B5%99%E5%A4%A7" },
  { name: "name", from: "/desk/names", link: ".item-title a" },
  { name: "organisation-check", from: "/desk/organisations", link: "main th a" },
  { name: "providers", path: "/desk/providers" },
  { name: "provider", from: "/desk/providers", link: "main th a" },
  { name: "certificates-officer", path: "/desk/certificates?show=check" },
  { name: "reporting-late", path: "/desk/reporting?show=late" },
  { name: "equipment-officer", path: "/desk/equipment" },
  { name: "check-terms", path: "/desk/check-terms" },
  { name: "rosters", path: "/desk/rosters" },
  { name: "roster", from: "/desk/rosters", link: "main th a" },
  { name: "roster-new", path: "/desk/rosters/new?template=hnte" },
  { name: "roster-import", from: "/desk/rosters", link: "main th a", add: "/import" },
  { name: "roster-preview", from: "/desk/rosters", link: "main th a", then: "main a[href^='/desk/roster-imports/']" },
  { name: "roster-entry", from: "/desk/rosters", link: "main th a", then: "main a[href^='/desk/roster-entries/']" },
  { name: "vouchers", path: "/desk/vouchers" },
  { name: "voucher", from: "/desk/vouchers", link: "main th a" },
  { name: "redemptions-officer", path: "/desk/redemptions" },
  { name: "redemption", from: "/desk/redemptions", link: "main th a" },
];

const operator = [
  { name: "desk-operator", path: "/desk" },
  { name: "search-log", path: "/desk/search-log" },
  { name: "synonyms", path: "/desk/synonyms" },
  { name: "organisation-names", from: "/desk/names?q=%E6%B5%99%E5%A4%A7", link: "main a[href^='/desk/organisation-names/']" },
  { name: "audit", path: "/desk/audit" },
  { name: "outbox", path: "/desk/outbox" },
  { name: "outgoing", path: "/desk/outgoing" },
  { name: "permissions", path: "/desk/permissions" },
  { name: "components", path: "/desk/components" },
  { name: "sources", path: "/desk/sources" },
];

const as = (login, list) => list.map((page) => ({ as: login, ...page }));

export const pages = [...visitor, ...as("firm", firm), ...as("lab", provider), ...as("officer", authority), ...as("operator", operator)];

/** The pages that are looked at in every mode. */
export const inModes = ["home", "resources", "orders-firm", "register", "components"];

/** The display preferences, as cookies. */
export const modes = [{ lang: "en" }, { theme: "dark" }, { size: "large" }, { contrast: "more" }, { lang: "en", theme: "dark", size: "large", contrast: "more" }];
