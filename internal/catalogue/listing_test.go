package catalogue

import (
	"testing"

	"qiao/internal/identity"
)

const ownList = `仪器设备名称,所在单位仪器编号,规格型号,仪器分类编码,启用日期,原值（万元）,计价单位,对外单价（元）,对内单价（元）,接受创新券
扫描电镜,A-1,SEM-5000,010100,2020-03-01,300.5,小时,400,200,是
透射电镜,A-2,F200X,990000,2020年3月1日,8O0,小时,1200,,是
热分析仪,A-3,STA,010900,2019-13-01,50,,300,,也许
质谱仪,A-4,Q-TOF,010200,2018/5/6,420,样品,"1,200.50",,否
`

// The lists that other rooms read, on both engines.
func TestListsOfTheCatalogue(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.take(w.Lab, ownList)
		if _, err := w.Create(ctx, w.Lab, "", Draft{Kind: "instrument", Values: map[string]any{"name_zh": "草稿"}}); err != nil {
			t.Fatal(err)
		}
		owned, err := w.Owned(ctx, w.DB, w.Lab.Org)
		if err != nil || len(owned) != 2 {
			t.Errorf("owned: %d %v", len(owned), err)
		}
		for most, want := range []int{2, 1, 2} {
			var bookable []Resource
			err := w.EachBookable(ctx, w.DB, most, func(some []Resource) error {
				bookable = append(bookable, some...)
				return nil
			})
			if err != nil || len(bookable) != want || !bookable[0].Bookable {
				t.Errorf("bookable, at most %d: %d %v", most, len(bookable), err)
			}
		}
		after, err := w.LiveAfter(ctx, w.DB, owned[0].ID, 10)
		if err != nil || len(after) != 1 || after[0].ID != owned[1].ID {
			t.Errorf("after the first: %d %v", len(after), err)
		}
		counts, err := w.CountLive(ctx, w.DB)
		if err != nil || len(counts) != 1 || counts[0].N != 2 || counts[0].Region != "330402" {
			t.Errorf("counts: %v %v", counts, err)
		}
		tasks, err := w.Tasks(ctx, w.Lab)
		if err != nil || len(tasks) != 2 || tasks[0].Count != 1 || tasks[1].Count != 2 {
			t.Errorf("tasks: %+v %v", tasks, err)
		}
		if tasks, err := w.Tasks(ctx, identity.Subject{}); err != nil || len(tasks) != 0 {
			t.Errorf("a visitor's tasks: %v %v", tasks, err)
		}
	})
}
