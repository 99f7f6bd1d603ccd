package quote

import (
	"slices"
	"strconv"
	"strings"

	"qiao/internal/milestone"
	"qiao/internal/order"
	"qiao/internal/platform/form"
	"qiao/internal/platform/money"
	"qiao/internal/pricing"
)

// The fields of a line; each stands in the form with its place behind it, as text-0.
func fields() []string { return []string{"kind-", "text-", "amount-", "unit-", "count-"} }

// stageFields are those of a milestone, as stage-name-0.
func stageFields() []string {
	return []string{"stage-name-", "stage-deliverable-", "stage-due-", "stage-share-"}
}

// count is how many lines a form has; stages how many milestones.
func count(f *form.Form) int  { return places(f, "text-", order.MaxLines) }
func stages(f *form.Form) int { return places(f, "stage-name-", milestone.Max) }

func places(f *form.Form, first string, most int) int {
	n := 0
	for _, name := range f.Names(first) {
		if i, err := strconv.Atoi(strings.TrimPrefix(name, first)); err == nil && i >= 0 && i < most {
			n = max(n, i+1)
		}
	}
	return n
}

// put writes a line into a form.
func put(f *form.Form, i int, l order.Line) {
	n := strconv.Itoa(i)
	amount := l.UnitAmount.Yuan()
	if l.Percent > 0 {
		amount = pricing.SayPercent(l.Percent)
	}
	for name, value := range map[string]string{"kind-": l.Kind, "text-": l.Text, "amount-": amount, "unit-": l.Unit, "count-": sayCount(l.Count, l.Per)} {
		f.Set(name+n, value)
	}
}

// add puts an empty line at the end.
func add(f *form.Form) {
	if n := count(f); n < order.MaxLines {
		for _, name := range fields() {
			f.Set(name+strconv.Itoa(n), "")
		}
		f.Set("unit-"+strconv.Itoa(n), "sample")
		f.Set("count-"+strconv.Itoa(n), "1")
	}
}

// remove takes a line out; those below move up. What was typed in the others stays as it was typed.
func remove(f *form.Form, at int) { takeOut(f, fields(), count(f), at) }

// removeStage takes a milestone out.
func removeStage(f *form.Form, at int) { takeOut(f, stageFields(), stages(f), at) }

// addStage puts an empty milestone at the end.
func addStage(f *form.Form) {
	if n := stages(f); n < milestone.Max {
		for _, name := range stageFields() {
			f.Set(name+strconv.Itoa(n), "")
		}
	}
}

func takeOut(f *form.Form, fields []string, n, at int) {
	if at < 0 || at >= n {
		return
	}
	for i := at; i < n; i++ {
		for _, name := range fields {
			if i+1 < n {
				f.Set(name+strconv.Itoa(i), f.Value(name+strconv.Itoa(i+1)))
			} else {
				f.Set(name + strconv.Itoa(i))
			}
		}
	}
}

// tidy takes out the lines in which nothing was written.
func tidy(f *form.Form) {
	for i := count(f) - 1; i >= 0; i-- {
		n := strconv.Itoa(i)
		if f.Text("text-"+n)+f.Text("amount-"+n) == "" {
			remove(f, i)
		}
	}
	for i := stages(f) - 1; i >= 0; i-- {
		n := strconv.Itoa(i)
		if f.Text("stage-name-"+n)+f.Text("stage-deliverable-"+n)+f.Text("stage-share-"+n) == "" {
			removeStage(f, i)
		}
	}
}

// read is the quote that a form says; what cannot be read is named in the form.
func read(f *form.Form) order.VerbRequest {
	req := order.VerbRequest{ValidUntil: f.Date("valid_until"), Tax: f.Text("tax"), Note: f.Text("note")}
	for i := range count(f) {
		req.Lines = append(req.Lines, readLine(f, strconv.Itoa(i)))
	}
	for i := range stages(f) {
		req.Stages = append(req.Stages, readStage(f, strconv.Itoa(i)))
	}
	return req
}

// readStage reads a milestone; its share is a percentage, a per mille or an amount.
func readStage(f *form.Form, n string) milestone.Draft {
	d := milestone.Draft{Name: f.Text("stage-name-" + n), Deliverable: f.Text("stage-deliverable-" + n), DueOn: f.Date("stage-due-" + n)}
	text := strings.ReplaceAll(f.Text("stage-share-"+n), "％", "%")
	if part, ok := strings.CutSuffix(text, "%"); ok {
		if d.Share = hundredths(part); d.Share%10 != 0 || d.Share < 0 {
			f.Add("stage-share-"+n, "share", "请写合计的百分比，例如 30%，或一个大于零的金额。")
			d.Share = 0
			return d
		}
		d.Share /= 10
		return d
	}
	if part, ok := strings.CutSuffix(text, "‰"); ok {
		if d.Share = hundredths(part); d.Share%100 != 0 || d.Share < 0 {
			f.Add("stage-share-"+n, "share", "请写合计的百分比，例如 30%，或一个大于零的金额。")
			d.Share = 0
			return d
		}
		d.Share /= 100
		return d
	}
	d.Amount = f.Fen("stage-share-" + n)
	return d
}

// sayShare writes the share of a milestone as it is typed.
func sayShare(m milestone.Milestone) string {
	if m.Share == 0 {
		return m.Amount.Yuan()
	}
	return pricing.SayPercent(m.Share * 10)
}

func readLine(f *form.Form, n string) order.Line {
	l := order.Line{Kind: f.Text("kind-" + n), Text: f.Text("text-" + n), Unit: f.Text("unit-" + n), Count: 1, Per: 1}
	if l.Kind == pricing.LineDiscount {
		if text, part := strings.CutSuffix(strings.ReplaceAll(f.Text("amount-"+n), "％", "%"), "%"); part {
			l.Percent = hundredths(text)
			if l.Percent < 0 {
				f.Add("amount-"+n, "percent", "优惠请写一个金额，或 0 到 100 之间的百分比，例如 5%。")
			}
			return l
		}
		l.UnitAmount = f.Fen("amount-" + n)
		return l
	}
	if f.Text("amount-"+n) == "" {
		f.Add("amount-"+n, "required", "请填写单价；不收费请填 0。")
	}
	l.UnitAmount = f.Fen("amount-" + n)
	if text := f.Text("count-" + n); text != "" {
		var ok bool
		if l.Count, l.Per, ok = readCount(text); !ok {
			f.Add("count-"+n, "quantity", "数量应大于 0、不超过 {0}，最多三位小数。", int64(order.MaxQuantity))
			l.Count = 1
		}
	}
	return l
}

// hundredths reads a percentage with up to two decimals: 5 is 500; -1 where it is none.
func hundredths(text string) int64 {
	n, err := money.Parse(strings.TrimSpace(text))
	if err != nil {
		return -1
	}
	return int64(n)
}

// readCount reads a quantity with up to three decimals as a fraction in its lowest terms: 1.5 is 3 and 2.
func readCount(text string) (num, per int64, ok bool) {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '．' || r == '。':
			return '.'
		case r == ',' || r == '，' || r == ' ':
			return -1
		}
		return r
	}, text)
	whole, part, _ := strings.Cut(text, ".")
	if len(part) > 3 || len(whole) > 9 || whole+part == "" || strings.Trim(whole+part, "0123456789") != "" {
		return 0, 0, false
	}
	num, err := strconv.ParseInt("0"+whole+part+strings.Repeat("0", 3-len(part)), 10, 64)
	if err != nil || num == 0 || num > order.MaxQuantity*1000 {
		return 0, 0, false
	}
	d := gcd(num, 1000)
	return num / d, 1000 / d, true
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// sayCount writes a quantity as it is typed: 3 of 2 is 1.5.
func sayCount(num, per int64) string {
	per = max(per, 1)
	thousandths := num * 1000 / per
	s := strconv.FormatInt(thousandths/1000, 10)
	if rest := thousandths % 1000; rest > 0 {
		s += "." + strings.TrimRight(strconv.FormatInt(1000+rest, 10)[1:], "0")
	}
	return s
}

// first is the form of a new quote: the price so far, or an empty line.
func first(d order.Detail, until string) *form.Form {
	f := form.Of(map[string]string{"valid_until": until, "tax": taxWords()[0]})
	if q, ok := d.LastQuote(); ok {
		f.Set("tax", q.Tax)
		f.Set("note", q.Note)
	}
	for i, l := range order.QuoteStart(d.Current()) {
		put(f, i, l)
	}
	if count(f) == 0 {
		add(f)
	}
	for i, m := range d.Milestones {
		n := strconv.Itoa(i)
		for name, value := range map[string]string{"stage-name-": m.Name, "stage-deliverable-": m.Deliverable, "stage-due-": m.DueOn, "stage-share-": sayShare(m)} {
			f.Set(name+n, value)
		}
	}
	return f
}

// taxWords are usual ways to say what tax is in a price, the most usual first.
func taxWords() []string {
	return slices.Clone([]string{"含税，开具增值税普通发票", "含税，开具增值税专用发票（税率 6%）", "不含税", "技术合同经认定登记后免征增值税"}) //i18n:data what stands on the quote, as the provider writes it
}
