package fund

import (
	"strings"
	"testing"

	"qiao/internal/identity"
	"qiao/internal/identity/identitytest"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
)

// Keeper, head, member and a stranger in the browser: cards, deposits, approval, statement, income.
func TestPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		s := identitytest.New(t, identitytest.Deps{DB: w.Service.db, Clock: w.Service.clock, Policy: w.Service.policy, English: English, People: map[string]identity.Subject{
			"keeper": keeper(), "head": head(), "member": {Person: "member", Org: "lab", Role: "technician", Capacities: []string{"provider"}},
			"firm": {Person: "p", Org: "firm", Role: "admin", Capacities: []string{"enterprise"}}, "stranger": {Person: "x", Org: "rival", Role: "admin", Capacities: []string{"enterprise"}},
		}}, w.Service)
		card, group := "/desk/cards/"+w.card.ID, "/desk/fund-groups/"+w.group.ID
		s.Page("member", "/desk/funds", 200, "国自然 2026", "材料课题组")
		s.Page("firm", "/desk/funds", 200, "某公司预存")
		s.Page("stranger", "/desk/funds", 200, "您还没有可用的经费卡")
		s.Page("stranger", card, 404)
		s.Page("stranger", group, 404)
		s.Page("firm", "/desk/cards/"+w.prepaid.ID, 200, "银行回单 88")
		s.Page("member", "/desk/fund-keeping", 403)
		s.Page("keeper", "/desk/fund-keeping", 200, "JF-1", "YC-1")
		if err := w.reserve("o1", w.card.ID, "member", "lab", 40_000); err != nil {
			t.Fatal(err)
		}
		s.Page("head", "/desk/funds", 200, "等您批准", "¥400")
		s.Post("member", "/desk/fund-approvals/o1", 404, "do", "approve")
		if body := s.Post("head", "/desk/fund-approvals/o1", 422, "do", "refuse"); !strings.Contains(body, "请写明不批准的理由") {
			t.Error("a refusal without a reason is not told")
		}
		s.Post("head", "/desk/fund-approvals/o1", 303, "do", "approve")
		s.Page("member", card, 200, "下单冻结", "−¥400", "单笔上限 ¥600")
		s.Page("member", card+"?month=2026-13", 400)
		if csv := s.Page("member", card+"/statement?month=2026-11", 200, "校财 2026-17 号", "1000.00"); !strings.HasPrefix(csv, "\ufeff") {
			t.Error("the file has no mark for Excel")
		}
		s.Page("head", group+"/statement?format=xlsx", 200)
		if body := s.Post("keeper", card+"/deposit", 422, "do", "deposit", "amount", "12,3", "evidence", ""); !strings.Contains(body, `value="12,3"`) {
			t.Error("the typed amount is lost")
		}
		s.Post("keeper", card+"/deposit", 303, "do", "deposit", "amount", "1,000", "evidence", "追加")
		s.Post("keeper", card+"/limits", 303, "cap_order", "900", "frozen", "1")
		s.Page("keeper", card, 200, "停用中", "¥1,600")
		s.Post("member", group+"/members", 404, "person", "郑会计", "do", "join")
		s.Post("head", group+"/members", 303, "person", "郑会计", "do", "join")
		s.Post("head", group+"/members", 422, "person", "没有这个人", "do", "join")
		s.Post("head", group+"/members", 422, "person", "周教授", "do", "leave")
		s.Post("keeper", "/desk/fund-cards", 422, "kind", "card", "number", "", "card_name", "x")
		s.Post("keeper", "/desk/fund-cards", 409, "kind", "card", "number", "JF-1", "card_name", "x", "group", w.group.ID)
		s.Page("keeper", "/desk/income", 200, "还没有结清的订单")
		s.Post("keeper", "/desk/income/split", 422, "shares", "学校 30\n中心 60", "source", "x")
		s.Post("keeper", "/desk/income/split", 303, "shares", "学校 30%\n中心：50\n机组 20", "source", "校设 9 号", "from", "2026-11-23")
		s.Page("keeper", "/desk/income", 200, "学校 30%", "机组 20%")
		s.Page("head", "/desk/income", 403)
		s.Page("keeper", "/desk/income/table?format=xlsx", 200)

		s.Send("keeper", "POST", "/api/v1/cards/"+w.prepaid.ID+"/deposit", "application/json", `{"amount":100,"evidence":"x"}`, 200)
		s.Send("keeper", "POST", "/api/v1/cards/"+w.prepaid.ID+"/deposit", "application/json", `{"amount":-100,"evidence":"x"}`, 422)
		s.Send("firm", "GET", "/api/v1/cards", "", "", 200)
		s.Send("stranger", "GET", "/api/v1/cards/"+w.card.ID, "", "", 404)
		s.Send("head", "GET", "/api/v1/cards/"+w.card.ID+"?month=2026-11", "", "", 200)
	})
}
