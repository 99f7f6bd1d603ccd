//i18n:data what the invented people of the demo say

package demo

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"qiao/internal/platform/clock"
	"qiao/internal/platform/money"
)

// Of the session that is open when the demo has just been loaded: it lasts for the working day.
const (
	watchEarly = 30
	watchLong  = 480
)

// watched lets the main firm commission an ageing of six weeks and agree with the laboratory to watch it daily at ten; one
// session is open now, with what both have written down.
func (l loader) watched(ctx context.Context, o Options) error {
	o.Cast = Main()
	o.Cast.Service, o.Cast.Quantity, o.Cast.Price = "失效分析（金属与复合材料）", 1, money.Fen(480_000)
	o.Cast.Task = "层合板湿热老化六周，每天上午十点看一次试样表面，老化后做断口和失效分析。"
	o.Run += "/watched"
	t := &teller{o: o, cast: o.Cast}
	for _, step := range []func(context.Context) error{t.commission, t.quote, t.acceptQuote, t.watchPlans, t.watchNotes} {
		if err := step(ctx); err != nil {
			return fmt.Errorf("an experiment that is watched: %w", err)
		}
	}
	return nil
}

// watchPlans lets the laboratory offer two plans and the firm agree: six weeks of working days at ten, and today.
func (t *teller) watchPlans(ctx context.Context) error {
	now, path := t.o.Now(), "/orders/"+t.result.Commission.ID+"/observation"
	today := clock.Day(now)
	tomorrow, last := clock.Day(now.AddDate(0, 0, 1)), clock.Day(now.AddDate(0, 0, 42))
	for i, plan := range []object{
		{"first": tomorrow, "last": last, "at": "10:00", "minutes": 20, "working": true, "note": "镜头对着老化箱的观察窗，每天同一位置；箱外的其他试样不拍。"},
		{"first": today, "last": today, "at": clock.Local(now.Add(-time.Minute)).Format("15:04"), "minutes": watchLong, "early": watchEarly, "talk": true, "note": "今天装样，全程可以看，也可以通话。"},
	} {
		var made struct{ ID string }
		if err := t.post(ctx, t.cast.Lab, path, fmt.Sprint("watch-", i), plan, &made); err != nil {
			return err
		}
		if err := t.post(ctx, t.cast.Login, "/observation-plans/"+made.ID+"/agree", fmt.Sprint("watch-agree-", i), object{}, nil); err != nil {
			return err
		}
	}
	return nil
}

// watchNotes lets both write down what they see in the session that is open.
func (t *teller) watchNotes(ctx context.Context) error {
	var course struct {
		Sessions []struct{ ID, State string }
	}
	if err := t.get(ctx, t.cast.Lab, "/orders/"+t.result.Commission.ID+"/observation", &course); err != nil {
		return err
	}
	picture, err := pictureFiles.ReadFile("pictures/chamber.jpg")
	if err != nil {
		return fmt.Errorf("read a picture: %w", err)
	}
	for _, x := range course.Sessions {
		if x.State != "open" {
			continue
		}
		for i, n := range []struct {
			who  string
			body object
		}{
			{t.cast.Lab, object{"text": "六块试样装好，箱内 70 ℃、相对湿度 85%，开始计时。"}},
			{t.cast.Lab, object{"text": "示例画面（示意图，非实物照片）：老化箱观察窗。", "picture": base64.StdEncoding.EncodeToString(picture)}},
			{t.cast.Login, object{"text": "3 号试样左上角有一处反光，装样前就有吗？请明天对着它拍一张。"}},
		} {
			if err := t.post(ctx, n.who, "/observe/"+x.ID+"/notes", fmt.Sprint("watch-note-", i), n.body, nil); err != nil {
				return err
			}
		}
	}
	return nil
}
