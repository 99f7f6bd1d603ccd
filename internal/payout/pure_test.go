package payout

import (
	"bytes"
	"strings"
	"testing"

	"qiao/internal/platform/sheet"
)

func shippedRules(t testing.TB) Rules {
	t.Helper()
	list, err := ShippedRules()
	must(t, err)
	return list[0]
}

func TestMatch(t *testing.T) {
	row := func(number, state string) PaperRow {
		return PaperRow{Item: Item{Number: number, State: state, Amount: 12345}, Account: Account{Number: "6222000011112222"}}
	}
	payments := map[string]PaperRow{"A-001": row("A-001", ItemSent), "A-002": row("A-002", ItemPaid), "A-003": row("A-003", ItemReturned), "A-004": row("A-004", ItemPlanned)}
	for _, tc := range []struct {
		name, item, amount, account, result, outcome, code string
	}{
		{"paid", "a-001 ", "123.45", "6222 0000 1111 2222", "交易成功", OutcomePaid, ""},
		{"masked account", "A-001", "￥123.45", "6222********2222", "已入账", OutcomePaid, ""},
		{"came back", "A-001", "123.45", "", "交易失败", OutcomeReturned, ""},
		{"not successful", "A-001", "123.45", "", "交易不成功", OutcomeReturned, ""},
		{"known", "A-002", "123.45", "", "成功", OutcomeKnown, ""},
		{"late return", "A-002", "123.45", "", "退汇", OutcomeReturned, ""},
		{"returned before", "A-003", "123.45", "", "退汇", OutcomeKnown, ""},
		{"paid after all", "A-003", "123.45", "", "成功", OutcomeBreak, BreakReturned},
		{"never sent", "A-004", "123.45", "", "成功", OutcomeBreak, BreakNotSent},
		{"unknown", "B-001", "123.45", "", "成功", OutcomeBreak, BreakUnknown},
		{"three decimals", "A-001", "123.450", "", "成功", OutcomeBreak, BreakUnread},
		{"another amount", "A-001", "123.46", "", "成功", OutcomeBreak, BreakAmount},
		{"another account", "A-001", "123.45", "6222000011113333", "成功", OutcomeBreak, BreakAccount},
		{"another end", "A-001", "123.45", "6222****3333", "成功", OutcomeBreak, BreakAccount},
		{"words unknown", "A-001", "123.45", "", "处理中", OutcomeBreak, BreakResult},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := Match(shippedRules(t), []Receipt{{Item: tc.item, Amount: tc.amount, Account: tc.account, Result: tc.result}}, payments)[0]
			if l.Outcome != tc.outcome || l.Code != tc.code {
				t.Errorf("%s %s, want %s %s", l.Outcome, l.Code, tc.outcome, tc.code)
			}
		})
	}
	twice := Match(shippedRules(t), []Receipt{{Item: "A-001", Amount: "123.45", Result: "成功"}, {Item: "A-001", Amount: "123.45", Result: "成功"}}, payments)
	if twice[0].Outcome != OutcomePaid || twice[1].Code != BreakTwice {
		t.Errorf("%+v", twice)
	}
}

func TestProposeReceipt(t *testing.T) {
	got := ProposeReceipt([]string{"序号", "业务编号", "收款人账号", "收款人户名", "交易金额（元）", "交易状态", "失败原因", "交易流水号"})
	want := []string{"", FieldItem, FieldAccount, "", FieldAmount, FieldResult, FieldNote, FieldEvidence}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("%q, want %q", got, want)
	}
}

// Every layout that ships says the same of the same batch, twice the same bytes, and is read back by our own reader.
func TestLayoutsRender(t *testing.T) {
	list, err := ShippedLayouts()
	must(t, err)
	p := Paper{Batch: Batch{Number: "BF3304-20261123-0001", PayOn: "2026-11-23"}, Payer: "示例·科技局", Rows: []PaperRow{
		{Item: Item{Number: "BF3304-20261123-0001-001", Amount: 100_05, ClaimNumber: "QDF1"}, Account: Account{Holder: "=示例·院", Bank: "示例银行", Number: "0622200001111"}, Payee: "示例·院", Programme: "券"},
		{Item: Item{Number: "BF3304-20261123-0001-002", Amount: 7, ClaimNumber: "QDF2"}, Account: Account{Holder: "示例,\"所\"", Bank: "示例银行", Number: "6222"}, Payee: "示例·所", Programme: "券"},
	}}
	for _, l := range list[0].Layouts {
		one, err := l.Render(p)
		must(t, err)
		two, err := l.Render(p)
		must(t, err)
		if !bytes.Equal(one, two) {
			t.Errorf("%s: not the same bytes", l.Code)
		}
		table, err := sheet.Read("f", bytes.NewReader(one), sheet.Options{})
		must(t, err)
		if len(table.Rows) != 2 {
			t.Fatalf("%s: %d rows", l.Code, len(table.Rows))
		}
		for i, c := range l.Columns {
			if got := table.Rows[0].Cell(i); c.Field == "account" && got != "0622200001111" || c.Field == "amount" && got != "100.05" || c.Field == "holder" && l.Container == "csv" && got != "'=示例·院" {
				t.Errorf("%s: %s is %q", l.Code, c.Heading, got)
			}
		}
	}
	p.Rows[1].Account.Holder = "示例·\U00020BB7"
	_, err = list[0].Layouts[0].Render(p)
	wants(t, err, "not-gbk")
	wants(t, Layout{Container: "csv", Encoding: "gbk", Columns: []Column{{"金额", "amount"}}}.Check(), "layout-invalid")
}

// Whatever a bank sends, reading it never fails in a way we have no words for, and only rows that say so pay or return.
func FuzzReceipt(f *testing.F) {
	f.Add("付款编号,金额,处理结果\nA-001,123.45,成功\nA-001,123.45,成功\n")
	f.Add("业务编号\t交易金额\t状态\t账号\nA-001\t1,234.5\t失败\t62****22\n合计\t1\n")
	payments := map[string]PaperRow{"A-001": {Item: Item{Number: "A-001", State: ItemSent, Amount: 12345}, Account: Account{Number: "6222"}}}
	rules := shippedRules(f)
	f.Fuzz(func(t *testing.T, text string) {
		table, err := sheet.Read("f", strings.NewReader(text), tableOptions())
		if err != nil {
			return
		}
		paid := 0
		for _, l := range Match(rules, ReadReceipts(table, ProposeReceipt(table.Headings)), payments) {
			if l.Outcome == OutcomePaid || l.Outcome == OutcomeReturned {
				paid++
				if amount, ok := readAmount(l.Amount); !ok || amount != 12345 || l.Match == nil {
					t.Fatalf("%+v", l)
				}
			}
		}
		if paid > 1 {
			t.Fatalf("one payment was answered %d times", paid)
		}
	})
}
