// Package ui holds the looks of Qiao: layouts, components, and nothing of any module's business.
//
// A page is a templ component that opens a layout and fills it with components. Everything that is the same for all
// pages travels in ctx as *Chrome. Words given to components are in the reader's language already: t(ctx, "…").
// Nothing here needs JavaScript; scripts only make it quicker. There are no style attributes (the CSP forbids them).
//
// Layouts. Portal pages bring their own width only when Bare; else everything is inside .wrap.
//
//	@ui.Portal(ui.Page{Title: t(ctx, "仪器"), Active: "resources", Lead: "…", Crumbs: []ui.Link{{Label, Href}}}) { … }
//	@ui.Desk(ui.Page{Title: o.Number, Active: "orders", Status: []ui.Chip{{ui.Run, "进行中"}}, Actions: []ui.Link{…}, Sample: o.Sample}) { … }
//	@ui.PlainPage(ui.Page{Title: t(ctx, "登录"), Narrow: true}) { … }      // alone: sign-in, a slip to print
//	@ui.Portal(ui.Page{Title, Bare: true}) { @ui.Hero(ui.HeroOf{Title, Lead, Aside, Tall}) { @ui.Search(…) } … }
//	@ui.Section(title, note) { … }   @ui.Panel(title) { … }   @ui.PanelWith(ui.PanelOf{Title, Note, Action, ID, Flush: true}) { @ui.Table… }   @ui.Card() { … }
//	classes: "stack" (one below the other) "row" (side by side, wraps) "cols-2" "cols-3" (equal columns, one on phones)
//	         "main-aside" (wide and narrow column) "dim" (quiet) "mono" "num" "vh" (for screen readers only) "no-print" "js-only" "no-js"
//
// Doing things. Every POST form carries the id that makes a second click harmless (RequestID): use Form, PostButton, Confirm.
//
//	@ui.Form(ui.FormOf{Action: "/desk/orders", Multipart: true}) { @ui.ErrorSummary(f) … @ui.Actions() { @ui.Button(t(ctx, "提交预约")) } }
//	@ui.Field(f, ui.Input{Name: "price", Label: t(ctx, "单价"), Required: true, Prefix: "¥", Suffix: "/ 小时", Hint: "…", Inputmode: "decimal", Short: true})
//	@ui.Field(f, ui.Input{Name: "day", Label: …, Type: "date"})        @ui.Textarea(f, ui.Input{Name, Label, Rows: 8})
//	@ui.Select(f, ui.Input{Name, Label}, []ui.Option{{Value, Label, Group}})   @ui.Radios(f, in, options)   @ui.Checks(f, in, options)
//	@ui.Check(f, ui.Input{Name: "agree", Label: …}, "1")   @ui.FileField(f, ui.Input{Name: "file", Label, Accept: ".xlsx,.csv"})   @ui.Rating(f, ui.Input{Name: "stars", Label})
//	@ui.Fieldset(legend) { … }   @ui.Hidden("id", id)
//	@ui.PostButton("/desk/orders/1/accept", ui.Btn{Label: t(ctx, "接受"), Icon: "check"})   @ui.LinkButton(href, ui.Btn{Label, Quiet: true})
//	@ui.Confirm(ui.ConfirmOf{Button: ui.Btn{Label: "拒绝", Quiet: true}, Title: "拒绝这笔预约？", Text: "…", Action: "/…/refuse", Verb: "拒绝", Danger: true}) { @ui.Textarea(…) }
//	@ui.Dialog("help", title) { … }   @ui.DialogButton("help", ui.Btn{Label: "怎么填？", Quiet: true})
//
// Showing things.
//
//	@ui.Icon("flask")  (a name that is computed must stand in a comment: //icons: flask dna-2)
//	@ui.Status(ui.Warn, t(ctx, "待审核"))   @ui.Tag(ui.OK, t(ctx, "创新券"))   @ui.Tags([]ui.Chip{…})   @ui.Sample()   @ui.Term(word, definition)
//	@ui.Money(o.Price)   @ui.When(o.CreatedAt.Time)   @ui.Day("2026-11-21")   @ui.Span(start, end)   @ui.Number(o.Number)
//	ui.SayTime(ctx, at)   ui.SayDay(ctx, day)   ui.SaySpan(ctx, a, b)   ui.Weekday(ctx, 1…7)      // the same as text
//	@ui.Facts([]ui.Fact{{Label: "型号", Value: r.Model}, {Label: "价格", Body: ui.Money(p), Define: "…"}})
//	@ui.Timeline([]ui.Moment{{At, Who, Title, Note, Tone}})   @ui.Stepper([]ui.Step{{Label, Note, State: ui.StepDone}})
//	@ui.Remarks([]ui.Remark{{ui.OK, "关键词“拉伸”吻合"}, {ui.Warn, "未写明最大载荷"}})   @ui.Waiting(tasks)
//	@ui.Provenance(ui.Origin{Source, Href, Licence, Retrieved, Unclaimed})   @ui.Organisation(ui.OrgRef{Name, Href, Sample})   @ui.Person(name, note)
//	@ui.FileLink(ui.FileRef{Name, Href, Size})   @ui.Stars(47, 12)   @ui.Prose(text, "zh-CN")   @ui.Logo()
//	@ui.NoteText(ui.Info, "…")   @ui.Note(ui.Warn, title) { … }   @ui.Empty(ui.EmptyState{Icon: "inbox", Title: why, Text: what to do, Action: ui.Link{…}})
//	@ui.Fault(ui.FaultView{Status, Title, Text, Actions, Request})      // content of an error page
//
// Lists.
//
//	@ui.Table(ui.TableOf{Caption, Columns: []ui.Column{{Label: "编号"}, {Label: "金额", Num: true}, {Label: "操作", Hidden: true}}}) {
//		@ui.Row() { @ui.RowHead() { … } @ui.NumCell("金额") { … } @ui.ActCell() { … } }
//	}
//	@ui.Tabs(label, []ui.Tab{{Label, Href, Current, Count}})   @ui.Pager(ui.PagerOf{First, Next, Note})
//	@ui.Finder() { @ui.Facets(ui.FacetsOf{…Target: "results"}) @ui.Results(ui.ResultsOf{ID: "results", Title, Chosen, Sorts, Key: true}) {
//		@ui.Items() { @ui.Item(ui.ItemOf{Icon: "microscope", Hue: 1, Title, Href, Meta, Tags, Side: ui.Price(ui.PriceOf{Amount: "¥960", Unit: "/ 机时", Action})}) { @ui.Strip(ui.StripOf{Day: "今天", From: 8, States}) } }
//	} }
//
// Time and figures. Charts are tables or lists first; the drawing is for the eye.
//
//	@ui.Strip(…)   @ui.SlotKey()   @ui.Board(ui.BoardOf{Label, Name: "slot", Days: []ui.BoardDay{{Day, Slots: []ui.BoardSlot{{Label: "09:00–10:00", State: ui.SlotFree, Value}}}}})
//	@ui.Lanes(ui.LanesOf{Label, From: 8, To: 20, Lanes: []ui.Lane{{Label, Events: []ui.LaneEvent{{From: 540, To: 660, Title, Tone}}}}})
//	@ui.Figures() { @ui.Figure(ui.FigureOf{Label, Value: "1,286", Unit: "小时", Href: "/numbers/hours", Delta, Tone, Spark}) }
//	@ui.Bars(ui.BarsOf{Title, Head, Unit, Series, Bars})   @ui.Rank(ui.RankOf{Label, Rows})   @ui.Tiles(ui.TilesOf{…})   @ui.Spark(values)   @ui.Meter(label, percent)
//	@ui.Split(ui.SplitOf{Label: "合计", Total, Parts: []ui.SplitPart{{"创新券", v, ""}, {"自付", o, ""}}})   @ui.Arch(ui.ArchOf{…})
package ui

import _ "embed"

// English is the English of this package's sentences, for i18n.New.
//
//go:embed en.json
var English []byte
