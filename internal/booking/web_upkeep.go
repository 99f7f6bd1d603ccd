package booking

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"qiao/internal/identity"
	"qiao/internal/platform/clock"
	"qiao/internal/platform/form"
	"qiao/internal/platform/ui"
	"qiao/internal/platform/web"
)

// upkeepRow is upkeep with its next times that could not be closed, because somebody has booked them.
type upkeepRow struct {
	Upkeep
	Booked []Span
}

// shownBooked is how many booked times a row names.
const shownBooked = 3

// fillUpkeep reads the upkeep of the chosen instrument.
func (s *Service) fillUpkeep(ctx context.Context, v *calendarView) error {
	list, err := listUpkeep(ctx, s.db, v.Chosen.ID)
	if err != nil {
		return err
	}
	for _, u := range list {
		until, err := s.upkeepEnd(ctx, s.db, u)
		if err != nil {
			return err
		}
		row := upkeepRow{Upkeep: u}
		if row.Booked, err = s.unclosed(ctx, s.db, u, until); err != nil {
			return err
		}
		row.Booked = row.Booked[:min(len(row.Booked), shownBooked)]
		v.Regular = append(v.Regular, row)
	}
	if v.Upkeep == nil {
		tomorrow, err := clock.AddDays(s.today(), 1)
		if err != nil {
			return err
		}
		v.Upkeep = form.Of(map[string]string{"every": EveryWeek, "weekday": "1", "nth": "1", "upkeep_from": "09:00", "upkeep_to": "11:00", "first_day": tomorrow})
	}
	return nil
}

func (s *Service) submitUpkeep(w http.ResponseWriter, r *http.Request) error {
	f := form.Read(r)
	u := Upkeep{
		Resource: f.Text("resource"), Every: f.Text("every"), Weekday: f.Int("weekday"), Nth: f.Int("nth"), From: minuteText(f, "upkeep_from"), To: minuteText(f, "upkeep_to"),
		First: f.Date("first_day"), Last: f.Date("last_day"), Reason: f.Text("upkeep_reason"),
	}
	if f.OK() {
		_, err := s.AddUpkeep(r.Context(), identity.SubjectOf(r.Context()), u, web.RequestKey(r.Context()))
		if err == nil {
			return web.SeeOther(w, r, calendarLink(u.Resource, s.clock.Now()), "定期维护已登记，可预约范围内的时间已停用。")
		}
		if !f.Fail(err) {
			return err
		}
	}
	return s.calendarPage(w, r, calendarView{Upkeep: f})
}

// minuteText reads a time of the day.
func minuteText(f *form.Form, name string) int64 {
	h, m, ok := strings.Cut(f.Text(name), ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	if !ok || err1 != nil || err2 != nil || hour < 0 || minute < 0 || minute > 59 || hour*60+minute > 1440 {
		f.Add(name, "time", "请按 09:00 的格式填写时间。")
		return 0
	}
	return int64(hour*60 + minute)
}

func (s *Service) submitEndUpkeep(w http.ResponseWriter, r *http.Request) error {
	u, err := s.EndUpkeep(r.Context(), identity.SubjectOf(r.Context()), r.PathValue("id"))
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, calendarLink(u.Resource, s.clock.Now()), "定期维护已取消，以后的时间重新开放。")
}

// say says when upkeep is.
func (u Upkeep) say(ctx context.Context) string {
	hours := clockOf(u.From) + "–" + clockOf(u.To)
	day := ui.Weekday(ctx, int(u.Weekday%7))
	if u.Every == EveryWeek {
		return t(ctx, "每{0} {1}", day, hours)
	}
	return t(ctx, "每月{0}{1} {2}", nthWord(ctx, u.Nth), day, hours)
}

func nthWord(ctx context.Context, n int64) string {
	return []string{"", t(ctx, "第一个"), t(ctx, "第二个"), t(ctx, "第三个"), t(ctx, "第四个"), t(ctx, "最后一个")}[n]
}

func weekdayOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for d := 1; d <= 7; d++ {
		out = append(out, ui.Option{Value: strconv.Itoa(d), Label: ui.Weekday(ctx, d%7)})
	}
	return out
}

func nthOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for n := int64(1); n <= lastWeek; n++ {
		out = append(out, ui.Option{Value: strconv.FormatInt(n, 10), Label: nthWord(ctx, n)})
	}
	return out
}
