//i18n:data the invented authorities of the neighbouring regions, and what they write

package demo

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/money"
	"qiao/internal/settle"
)

// neighbour is a region whose laboratory takes the vouchers of the demo's.
type neighbour struct {
	key, region, zh, en, address string
	cast                         Cast
	stop                         string // the last verb of the claim
}

// neighbours are two of them; each has two officers, <key>-1 and <key>-2.
func neighbours() []neighbour {
	return []neighbour{
		{"wujiang-authority", "320509", "吴江科技主管部门", "Wujiang Science and Technology Authority", "苏州市吴江区（虚构地址）创新路 2 号", Cast{
			Key: "crossing-wujiang", Login: "firm", Lab: "wujiang", Service: "芯片失效定位与截面分析", Quantity: 2, Price: 180_000, Task: "飞控板两块：复合材料机身振动后偶发失效，定位热点并做截面。",
		}, "pay"},
		{"qingpu-authority", "310118", "青浦科技主管部门", "Qingpu Science and Technology Authority", "上海市青浦区（虚构地址）创新路 6 号", Cast{
			Key: "crossing-qingpu", Login: "firm", Lab: "qingpu", Service: "微生物全基因组测序与注释", Quantity: 1, Price: 240_000, Task: "湿热老化后板材表面的一株霉菌，测序并注释，用于防霉配方。",
		}, "publish-notice"},
	}
}

// crossings let a firm use its voucher in two other regions, and the regions settle: one statement is agreed, the other has a
// break, for its region's own list says another amount.
func (l loader) crossings(ctx context.Context) error {
	if l.Settle == nil || l.Story.Client.HTTP == nil {
		return nil
	}
	o := l.Story
	used, token := map[string]bool{}, Tokens(l.Identity) // those of the stories are revoked
	o.Client.Token = func(ctx context.Context, login string) (string, error) {
		used[login] = true
		return token(ctx, login)
	}
	o.Run, o.Now = "demo", l.Clock.Now
	for i, n := range neighbours() {
		if err := l.neighbour(ctx, i, n); err != nil {
			return err
		}
		if err := l.crossing(ctx, o, n); err != nil {
			return fmt.Errorf("a voucher used in %s: %w", n.region, err)
		}
	}
	if err := l.revoke(ctx, used); err != nil {
		return err
	}
	if err := l.Settle.Sweep(ctx); err != nil {
		return err
	}
	return l.statements(ctx)
}

// neighbour sets up the authority of a region.
func (l loader) neighbour(ctx context.Context, i int, n neighbour) error {
	_, err := l.Identity.Establish(ctx, identity.Founding{
		Key: "demo/" + n.key, Capacities: []string{identity.CapacityAuthority},
		Organisation: identity.Organisation{NameZH: mark + n.zh, NameEN: markEN + n.en, USCC: sampleUSCC(9001 + i), Region: n.region, Kind: "government", Address: n.address, Sample: true},
		People: []identity.Colleague{
			{Login: address(n.key + "-1"), Name: mark + "顾经办", Password: Password, Role: identity.RoleOfficer},
			{Login: address(n.key + "-2"), Name: mark + "金复核", Password: Password, Role: identity.RoleOfficer},
		},
	})
	if err != nil {
		return fmt.Errorf("establish %s: %w", n.key, err)
	}
	return nil
}

// crossing is an order with a laboratory elsewhere, from its commission to the claim.
func (l loader) crossing(ctx context.Context, o Options, n neighbour) error {
	o.Cast = n.cast
	t := &teller{o: o, cast: n.cast}
	var list struct{ Items []struct{ ID string } }
	if err := t.get(ctx, t.cast.Login, "/voucher-programmes", &list); err != nil {
		return err
	}
	if len(list.Items) == 0 {
		return fmt.Errorf("there is no voucher programme")
	}
	t.result.Programme = list.Items[0].ID
	for _, step := range []func(context.Context) error{t.commission, t.quote, t.acceptQuote} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	c := &t.result.Commission
	at := t.o.Now().Add(-runAgo)
	file := func(name, text string) []object {
		return []object{{"name": mark + name, "content": base64.StdEncoding.EncodeToString([]byte("示例文件（虚构） / Sample file (invented)\n" + text + "\n" + c.Number + "\n"))}}
	}
	for _, x := range []struct {
		who, verb string
		body      object
	}{
		{t.cast.Lab, "receive-sample", object{"note": "样品完好。"}},
		{t.cast.Lab, "start", object{"at": at}},
		{t.cast.Lab, "stop", object{"at": at.Add(runLength)}},
		{t.cast.Lab, "report", object{"files": file("报告.txt", t.cast.Task)}},
		{t.cast.Login, "confirm", object{}},
	} {
		if err := t.act(ctx, x.who, c, x.verb, x.body); err != nil {
			return err
		}
	}
	return t.crossingClaim(ctx, n.stop)
}

// crossingClaim is the laboratory's claim for the one order, and what the officers do with it.
func (t *teller) crossingClaim(ctx context.Context, stop string) error {
	var docs []object
	for _, d := range [][2]string{{"contract", "合同"}, {"invoice", "发票"}} {
		text := "示例" + d[1] + "（虚构）\n" + t.result.Commission.Number + "\n"
		docs = append(docs, object{"code": d[0], "name": mark + d[1] + ".txt", "content": base64.StdEncoding.EncodeToString([]byte(text))})
	}
	var out wireClaim
	if err := t.post(ctx, t.cast.Lab, "/redemptions", "claim", object{"programme": t.result.Programme, "orders": []string{t.result.Commission.ID}, "documents": docs}, &out); err != nil {
		return err
	}
	t.result.Claim = out.ID
	for _, step := range [][2]string{{"officer", "verify"}, {"officer2", "approve"}, {"officer", "publish-notice"}, {"officer2", "pay"}} {
		if err := t.post(ctx, step[0], "/redemptions/"+out.ID+"/"+step[1], step[1], object{}, nil); err != nil {
			return err
		}
		if step[1] == stop {
			break
		}
	}
	return nil
}

// officers are the two people of the region's authority.
func (n neighbour) officers() [2]string { return [2]string{n.key + "-1", n.key + "-2"} }

// statements lets both regions settle: all agree on the first, the second region's list differs.
func (l loader) statements(ctx context.Context) error {
	home := [2]string{"officer", "officer2"}
	for _, n := range neighbours() {
		x, err := l.statementOf(ctx, n)
		if err != nil || x.State != settle.Open {
			return err
		}
		if err := l.by(ctx, home[0], func(ctx context.Context, by identity.Subject) (err error) {
			x, err = l.Settle.Close(ctx, by, x.ID)
			return err
		}); err != nil {
			return err
		}
		if n.stop == "pay" {
			if err := l.agree(ctx, x, home, x.Count, x.Total); err != nil {
				return err
			}
			if err := l.agree(ctx, x, n.officers(), x.Count, x.Total); err != nil {
				return err
			}
			continue
		}
		if err := l.differ(ctx, x, n); err != nil {
			return err
		}
		if err := l.agree(ctx, x, n.officers(), 0, 0); err != nil {
			return err
		}
	}
	return nil
}

// by does something as a sign-in.
func (l loader) by(ctx context.Context, login string, do func(context.Context, identity.Subject) error) error {
	ctx, by, err := l.as(ctx, login)
	if err != nil {
		return err
	}
	if err := do(ctx, by); err != nil {
		return fmt.Errorf("%s: %w", login, err)
	}
	return nil
}

// agree is one side's check and its second person's word.
func (l loader) agree(ctx context.Context, x settle.Statement, people [2]string, count int, total money.Fen) error {
	if err := l.by(ctx, people[0], func(ctx context.Context, by identity.Subject) error {
		_, err := l.Settle.Check(ctx, by, x.ID, settle.CheckRequest{Count: count, Total: total})
		return err
	}); err != nil {
		return err
	}
	return l.by(ctx, people[1], func(ctx context.Context, by identity.Subject) error {
		_, err := l.Settle.Confirm(ctx, by, x.ID)
		return err
	})
}

// differ compares a list of the other side that has another amount.
func (l loader) differ(ctx context.Context, x settle.Statement, n neighbour) error {
	return l.by(ctx, n.officers()[0], func(ctx context.Context, by identity.Subject) error {
		items, err := l.Settle.Items(ctx, l.DB, x)
		if err != nil {
			return err
		}
		var list strings.Builder
		list.WriteString("日期,事项,兑付编号,金额\n")
		for _, i := range items {
			list.WriteString(strings.Join([]string{i.Day, "应付", i.Number, (i.Amount - 20_000).Yuan()}, ",") + "\n")
		}
		_, err = l.Settle.Compare(ctx, by, x.ID, mark+"青浦对账清单.csv", strings.NewReader(list.String()))
		return err
	})
}

// statementOf is the statement with a neighbour.
func (l loader) statementOf(ctx context.Context, n neighbour) (settle.Statement, error) {
	_, by, err := l.as(ctx, n.key+"-1")
	if err != nil {
		return settle.Statement{}, err
	}
	list, err := l.Settle.Mine(ctx, by)
	if err != nil {
		return settle.Statement{}, err
	}
	if len(list) == 0 {
		return settle.Statement{}, fmt.Errorf("there is no statement of %s", n.region)
	}
	return list[0], nil
}
