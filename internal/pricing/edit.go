package pricing

import (
	"slices"
	"strconv"
	"strings"

	"qiao/internal/platform/fault"
	"qiao/internal/platform/form"
	"qiao/internal/platform/id"
	"qiao/internal/platform/money"
)

// The sections of a plan that are edited line by line, in the order of the page.
func sections() []string {
	return []string{"rates", "periods", "add_ons", "discounts", "overtime", "cancel", "no_show"}
}

// edit puts what a form says at place n of a section (its end when there is no such place), or takes that place out. The
// mistakes of this line are named by the form's fields; those of other lines wait until the plan is published.
func edit(p Plan, section string, n int, remove bool, f *form.Form) (Plan, error) {
	var err error
	switch section {
	case "basis":
		p.Basis, p.Begun = f.Text("basis"), f.Int("begun")
	case "rates":
		p.Rates, err = placed(p.Rates, n, remove, func(old Rate) (Rate, error) { return rateOf(old, f) })
	case "periods":
		p.Periods, err = placed(p.Periods, n, remove, func(Period) (Period, error) { return periodOf(f), nil })
	case "add_ons":
		p.AddOns, err = placed(p.AddOns, n, remove, func(old AddOn) (AddOn, error) { return addOnOf(old, f), nil })
	case "discounts":
		p.Discounts, err = placed(p.Discounts, n, remove, func(Discount) (Discount, error) { return discountOf(f), nil })
	case "cancel":
		p.Cancel, err = placed(p.Cancel, n, remove, func(Fee) (Fee, error) { return feeOf(f), nil })
	case "overtime":
		o := overtimeOf(f)
		if p.Overtime = &o; remove {
			p.Overtime = nil
		}
	case "no_show":
		fee := feeOf(f)
		if p.NoShow = &fee; remove {
			p.NoShow = nil
		}
	default:
		return p, fault.New(fault.BadRequest, "price-section", "没有这一部分。")
	}
	if err != nil || remove {
		return p, err
	}
	return p, own(p, section, n)
}

// own keeps of a plan's mistakes those of one line, named by its form's fields.
func own(p Plan, section string, n int) error {
	err := p.Check()
	if err == nil {
		return nil
	}
	bad := fault.New(fault.Invalid, "price-line-invalid", "这一行还有不对的地方，请按提示修改。")
	prefix := section + "-" + strconv.Itoa(n) + "-"
	if section == "no_show" || section == "overtime" { // there is only one
		prefix = section + "-"
	}
	for _, x := range fault.Of(err).Fields {
		name, ours := strings.CutPrefix(x.Name, prefix)
		if section == "basis" {
			ours = x.Name == "basis" || x.Name == "begun"
		}
		if ours {
			bad.Field(name, x.Code, x.Text, x.Args...)
		}
	}
	if len(bad.Fields) > 0 {
		return bad
	}
	return nil
}

// placed is a list with the line at n changed or taken out; n beyond the end adds one.
func placed[T any](list []T, n int, remove bool, change func(old T) (T, error)) ([]T, error) {
	list = slices.Clone(list)
	if n < 0 || n > len(list) || remove && n == len(list) {
		return list, fault.New(fault.Conflict, "price-line-moved", "这一行刚刚有变化，请刷新页面后再改。")
	}
	if remove {
		return slices.Delete(list, n, n+1), nil
	}
	var old T
	if n < len(list) {
		old = list[n]
	}
	x, err := change(old)
	if err != nil {
		return list, err
	}
	if n == len(list) {
		return append(list, x), nil
	}
	list[n] = x
	return list, nil
}

func rateOf(old Rate, f *form.Form) (Rate, error) {
	r := Rate{
		ID: old.ID, Text: f.Text("text"), Groups: groupsOf(f), Kinds: old.Kinds, Unit: f.Text("unit"), Price: f.Fen("price"), Base: f.Fen("base"), Covers: f.Int("covers"),
		Reached: f.Bool("reached"), Minimum: f.Int("minimum"), Least: f.Fen("least"),
	}
	if r.ID == "" {
		r.ID = id.New()
	}
	if f.Text("price") == "" {
		f.Add("price", "required", "请填写单价；免费请填 0。")
	}
	var ok bool
	if r.Steps, ok = parseSteps(f.Text("steps")); !ok {
		f.Add("steps", "steps", "阶梯每行写“超过的数量 单价”，例如 10 200。")
	}
	return r, nil
}

func periodOf(f *form.Form) Period {
	x := Period{Text: f.Text("text"), Days: f.Text("days"), From: f.Text("from"), To: f.Text("to"), Percent: int64(f.Fen("percent"))}
	for _, d := range f.All("weekdays") {
		if n, err := strconv.ParseInt(d, 10, 64); err == nil {
			x.Weekdays = append(x.Weekdays, n)
		}
	}
	if f.Text("percent") == "" {
		f.Add("percent", "required", "请填写百分比，例如 150 表示一倍半。")
	}
	return x
}

func addOnOf(old AddOn, f *form.Form) AddOn {
	a := AddOn{ID: old.ID, Text: f.Text("text"), Staff: f.Bool("staff"), Groups: groupsOf(f), Unit: f.Text("unit"), Price: f.Fen("price"), By: f.Text("by"), Must: f.Bool("must")}
	if a.ID == "" {
		a.ID = id.New()
	}
	if f.Text("price") == "" {
		f.Add("price", "required", "请填写单价；免费请填 0。")
	}
	return a
}

func discountOf(f *form.Form) Discount {
	d := Discount{Text: f.Text("text"), Groups: groupsOf(f), Percent: int64(f.Fen("percent")), Amount: f.Fen("amount"), Over: f.Text("over"), Use: f.Bool("use")}
	switch d.Over {
	case OverAmount, OverMonth, OverYear:
		d.From = int64(f.Fen("from"))
	case OverUnits, OverHours:
		d.From = f.Int("from")
	}
	return d
}

func overtimeOf(f *form.Form) Overtime {
	return Overtime{Free: f.Int("free"), Percent: int64(f.Fen("percent")), Price: f.Fen("price")}
}

func feeOf(f *form.Form) Fee {
	return Fee{Hours: f.Int("hours"), Percent: int64(f.Fen("percent")), Amount: f.Fen("amount")}
}

// groupsOf is the groups ticked and the names typed beside them.
func groupsOf(f *form.Form) []string {
	out := slices.Clone(f.All("groups"))
	for _, g := range strings.FieldsFunc(f.Text("more_groups"), func(r rune) bool { return strings.ContainsRune(" ,，、;；", r) }) {
		if !slices.Contains(out, g) {
			out = append(out, g)
		}
	}
	return out
}

// parseSteps reads steps, one a line: "10 200" is beyond 10 units 200 yuan each.
func parseSteps(text string) ([]Step, bool) {
	var out []Step
	for _, line := range strings.Split(text, "\n") {
		words := strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune(" \t\r=:：＝", r) })
		if len(words) == 0 {
			continue
		}
		if len(words) != 2 || len(out) == maxItems {
			return nil, false
		}
		above, err := strconv.ParseInt(words[0], 10, 64)
		if err != nil {
			return nil, false
		}
		price, err := money.Parse(words[1])
		if err != nil {
			return nil, false
		}
		out = append(out, Step{above, price})
	}
	return out, true
}

func writeSteps(steps []Step) string {
	var b strings.Builder
	for _, s := range steps {
		b.WriteString(strconv.FormatInt(s.Above, 10) + " " + strings.TrimSuffix(s.Price.Yuan(), ".00") + "\n")
	}
	return b.String()
}

// plainYuan is an amount for a field, nothing for none; hundredths of a percent look the same.
func plainYuan(f money.Fen) string {
	if f == 0 {
		return ""
	}
	return strings.TrimSuffix(f.Yuan(), ".00")
}

func plainInt(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// fields is a line of a section as its form shows it.
func fields(p Plan, section string, n int) map[string]string {
	switch {
	case section == "rates" && n < len(p.Rates):
		r := p.Rates[n]
		return map[string]string{
			"text": r.Text, "unit": r.Unit, "price": strings.TrimSuffix(r.Price.Yuan(), ".00"), "base": plainYuan(r.Base), "covers": plainInt(r.Covers), "steps": writeSteps(r.Steps),
			"reached": flag(r.Reached), "minimum": plainInt(r.Minimum), "least": plainYuan(r.Least), "more_groups": named(r.Groups),
		}
	case section == "periods" && n < len(p.Periods):
		x := p.Periods[n]
		return map[string]string{"text": x.Text, "days": x.Days, "from": x.From, "to": x.To, "percent": strings.TrimSuffix(money.Fen(x.Percent).Yuan(), ".00")}
	case section == "add_ons" && n < len(p.AddOns):
		a := p.AddOns[n]
		return map[string]string{"text": a.Text, "unit": a.Unit, "price": strings.TrimSuffix(a.Price.Yuan(), ".00"), "by": a.By, "must": flag(a.Must), "staff": flag(a.Staff), "more_groups": named(a.Groups)}
	case section == "discounts" && n < len(p.Discounts):
		d := p.Discounts[n]
		out := map[string]string{"text": d.Text, "percent": plainYuan(money.Fen(d.Percent)), "amount": plainYuan(d.Amount), "over": d.Over, "use": flag(d.Use), "more_groups": named(d.Groups), "from": plainInt(d.From)}
		if slices.Contains([]string{OverAmount, OverMonth, OverYear}, d.Over) {
			out["from"] = plainYuan(money.Fen(d.From))
		}
		return out
	case section == "overtime" && p.Overtime != nil:
		return map[string]string{"free": plainInt(p.Overtime.Free), "percent": plainYuan(money.Fen(p.Overtime.Percent)), "price": plainYuan(p.Overtime.Price)}
	case section == "cancel" && n < len(p.Cancel):
		return feeFields(p.Cancel[n])
	case section == "no_show" && p.NoShow != nil:
		return feeFields(*p.NoShow)
	case section == "basis":
		basis := p.Basis
		if basis == "" {
			basis = Booked
		}
		return map[string]string{"basis": basis, "begun": plainInt(p.Begun)}
	}
	return map[string]string{"unit": "hour", "by": ByTime}
}

func feeFields(f Fee) map[string]string {
	return map[string]string{"hours": plainInt(f.Hours), "percent": plainYuan(money.Fen(f.Percent)), "amount": plainYuan(f.Amount)}
}

func flag(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// builtIn are the groups that every provider has.
func builtIn() []string { return []string{Internal, Member, External} }

// named are the groups among some that are a provider's own.
func named(groups []string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(groups), func(g string) bool { return slices.Contains(builtIn(), g) }), " ")
}

// ticked are the values of a line's boxes.
func ticked(p Plan, section string, n int) (groups, weekdays []string) {
	switch {
	case section == "rates" && n < len(p.Rates):
		groups = p.Rates[n].Groups
	case section == "add_ons" && n < len(p.AddOns):
		groups = p.AddOns[n].Groups
	case section == "discounts" && n < len(p.Discounts):
		groups = p.Discounts[n].Groups
	case section == "periods" && n < len(p.Periods):
		for _, d := range p.Periods[n].Weekdays {
			weekdays = append(weekdays, strconv.FormatInt(d, 10))
		}
	}
	return slices.DeleteFunc(slices.Clone(groups), func(g string) bool { return !slices.Contains(builtIn(), g) }), weekdays
}
