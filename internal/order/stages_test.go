package order

import (
	"strings"
	"testing"

	"qiao/internal/milestone"
	"qiao/internal/platform/db"
	"qiao/internal/platform/dbtest"
	"qiao/internal/platform/fault"
)

// A research order in stages: agreed with the quote, delivered, sent back and accepted, paid in parts as each is accepted, and
// confirmed only after the last.
func TestResearchInStages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		o := w.place(firm(), PlaceRequest{Kind: KindCommission, Resource: "test", Purpose: "开发一种粘接工艺"})
		refused := func(who string, verb, code string, req VerbRequest) {
			t.Helper()
			by := firm()
			if who == "lab" {
				by = lab()
			}
			if _, err := w.Do(t.Context(), by, o.ID, verb, req); !fault.Is(err, code) {
				t.Errorf("%s by %s: %v, not %s", verb, who, err, code)
			}
		}
		stages := []milestone.Draft{
			{Name: "方案", Deliverable: "技术方案", DueOn: "2026-12-01", Share: 300}, {Name: "样件", Deliverable: "样件与数据", DueOn: "2026-12-20", Share: 500},
			{Name: "总结", Deliverable: "总结报告", DueOn: "2027-01-20", Share: 200},
		}
		quote := VerbRequest{Lines: []Line{{Text: "研究开发", Unit: "time", UnitAmount: 100_001, Count: 1}}, ValidUntil: "2026-12-01", Stages: stages[:2]}
		refused("lab", VerbQuote, "milestone-sum", quote)
		quote.Stages = stages
		o = w.do(lab(), o, VerbQuote, quote)
		refused("lab", VerbDeliver, "state-conflict", VerbRequest{Note: "x"})
		prog := "prog"
		o = w.do(firm(), o, VerbAccept, VerbRequest{Programme: &prog})
		if o.StagesOpen != 3 || o.Payable != 0 || o.Voucher != 50_000 || o.Own != 50_001 {
			t.Fatalf("agreed: %+v", o)
		}
		if o.Due != "2027-01-20" {
			t.Errorf("promised by %s, not by the day of the last stage", o.Due)
		}
		refused("lab", VerbInvoice, "not-due", VerbRequest{Number: "26332000000000000001"})
		refused("lab", VerbPay, "not-due", VerbRequest{Amount: 1})
		refused("firm", VerbApprove, "milestone-none", VerbRequest{})
		refused("firm", VerbDeliver, "other-party", VerbRequest{Note: "x"})
		o = w.do(lab(), o, VerbDeliver, VerbRequest{Files: []Upload{{Name: "方案.txt", Body: strings.NewReader("technical plan")}}})
		refused("firm", VerbSendBack, "verb-invalid", VerbRequest{})
		o = w.do(firm(), o, VerbSendBack, VerbRequest{Note: "缺少验收指标"})
		o = w.do(lab(), o, VerbDeliver, VerbRequest{Note: "补充了指标", Files: []Upload{{Name: "方案2.txt", Body: strings.NewReader("better plan")}}})
		o = w.do(firm(), o, VerbApprove, VerbRequest{})
		if o.StagesOpen != 2 || o.StagesDelivered != 0 || o.Payable != 30_000 || o.State != StateAccepted {
			t.Fatalf("one accepted: %+v", o)
		}
		o = w.do(lab(), o, VerbInvoice, VerbRequest{Number: "26332000000000000001"})
		refused("lab", VerbInvoice, "invoice-invalid", VerbRequest{Number: "26332000000000000002", Amount: 1})
		o = w.do(lab(), o, VerbPay, VerbRequest{})
		if paid, err := w.invoices.Paid(t.Context(), d, o.ID); err != nil || paid != 15_001 { // 30.000 of 100.001, of 50,001 fen
			t.Errorf("paid %v, %v", paid, err)
		}
		w.wellVerified()
		o = w.do(lab(), o, VerbStart, VerbRequest{})
		o = w.do(lab(), o, VerbStop, VerbRequest{})
		o = w.do(lab(), o, VerbReport, VerbRequest{Note: "总结报告"})
		refused("firm", VerbConfirm, "milestones-open", VerbRequest{})
		for range 2 {
			o = w.do(lab(), o, VerbDeliver, VerbRequest{Note: "见附件"})
			o = w.do(firm(), o, VerbApprove, VerbRequest{})
		}
		got, err := w.Get(t.Context(), firm(), o.ID)
		if err != nil || len(got.Milestones) != 3 || got.Milestones[2].State != milestone.Accepted || len(got.Documents) != 2 || got.Documents[0].Kind != StageFile {
			t.Errorf("%+v %v", got, err)
		}
		o = w.do(firm(), o, VerbConfirm, VerbRequest{})
		o = w.do(lab(), o, VerbInvoice, VerbRequest{Number: "26332000000000000003"})
		o = w.do(lab(), o, VerbPay, VerbRequest{})
		if paid, err := w.invoices.Paid(t.Context(), d, o.ID); err != nil || paid != o.Own {
			t.Errorf("paid %v of %v, %v", paid, o.Own, err)
		}
		w.wellVerified()
	})
}

// An order without milestones offers none of their verbs.
func TestWithoutStages(t *testing.T) {
	w := newWorld(t, dbtest.SQLite(t))
	o := w.place(firm(), PlaceRequest{Kind: KindCommission, Resource: "test", Purpose: "x"})
	o = w.do(lab(), o, VerbQuote, VerbRequest{Lines: []Line{{Text: "x", Unit: "time", UnitAmount: 100, Count: 1}}, ValidUntil: "2026-12-01"})
	o = w.do(firm(), o, VerbAccept, VerbRequest{})
	for _, step := range w.Verbs(lab(), o) {
		if step.Verb == VerbDeliver || step.Verb == VerbInvoice || step.Verb == VerbPay {
			t.Errorf("%s is offered", step.Verb)
		}
	}
	if _, err := w.Do(t.Context(), lab(), o.ID, VerbDeliver, VerbRequest{Note: "x"}); !fault.Is(err, "no-milestones") {
		t.Error(err)
	}
}
