//i18n:data words that synthetic records are made of

package demo

import (
	"fmt"

	"qiao/internal/demo/synthetic"
)

// generator makes the rows of one synthetic institution.
type generator struct {
	*synthetic.Writer
	n int // number of the institution
}

// one of a few words, each as often as the others.
func (g generator) one(words ...string) string { return words[g.Rand().IntN(len(words))] }

func (g generator) instruments(count int) [][]string {
	rows := [][]string{{"编号", "名称", "规格型号", "生产制造商", "仪器分类编码", "主要功能", "主要技术指标", "主要学科领域", "计价单位", "对外单价（元）", "接受创新券", "使用方式"}}
	for i := range count {
		rows = append(rows, []string{
			fmt.Sprintf("I-%d-%d", g.n+1, i+1), "合成·" + g.Word() + g.Technique(), g.Model(), "合成·仪器厂", fmt.Sprintf("01%02d00", 1+g.Rand().IntN(12)),
			g.Measures(3) + "；" + g.Prose(14), "适用于" + g.Materials(3) + "；" + g.Prose(12), g.Some(synthetic.Subjects(), 2), g.one("小时", "样品"),
			fmt.Sprint(10 * (3 + g.Rand().IntN(120))), g.one("是", "是", "否"), g.one("送样委托", "技术人员操作", "自主上机"),
		})
	}
	return rows
}

func (g generator) services(count int) [][]string {
	rows := [][]string{{"编号", "名称", "服务类别", "简介", "服务周期", "主要学科领域", "计价单位", "对外单价（元）", "接受创新券", "使用方式"}}
	for i := range count {
		m, x := g.Material(), g.Measure()
		rows = append(rows, []string{
			fmt.Sprintf("S-%d-%d", g.n+1, i+1), "合成·" + g.Word() + m + x + "测试", "检验检测", "对" + m + "做" + g.Measures(3) + "等测试，出具报告。" + g.Prose(20),
			fmt.Sprint(3 + g.Rand().IntN(30)), g.Some(synthetic.Subjects(), 2), "样品", fmt.Sprint(50 * (1 + g.Rand().IntN(60))), g.one("是", "否"), "送样委托",
		})
	}
	return rows
}

func (g generator) experts(count int) [][]string {
	rows := [][]string{{"编号", "名称", "工作单位", "职称", "研究方向", "主要学科领域", "简介"}}
	for i := range count {
		m := g.Material()
		rows = append(rows, []string{
			fmt.Sprintf("E-%d-%d", g.n+1, i+1), "合成·" + g.Person(), fmt.Sprintf("合成·第 %d 研究院", g.n+1), g.one("正高", "副高", "中级"),
			m + "、" + g.Measures(2), g.Some(synthetic.Subjects(), 2), "从事" + m + "的" + g.Measures(3) + "研究。" + g.Prose(20),
		})
	}
	return rows
}

func (g generator) bases(count int) [][]string {
	rows := [][]string{{"编号", "名称", "基地类型", "级别", "定位与特色", "涉及领域", "服务类别"}}
	for i := range count {
		m := g.Material()
		rows = append(rows, []string{
			fmt.Sprintf("B-%d-%d", g.n+1, i+1), "合成·" + g.Word() + m + g.one("重点实验室", "工程研究中心", "中试基地"), g.one("重点实验室", "工程技术研究中心", "中试基地", "科技企业孵化器"), "国家级",
			"面向" + m + "的" + g.Measures(2) + "。" + g.Prose(20), g.Some(synthetic.Subjects(), 2), g.Measures(2),
		})
	}
	return rows
}

func (g generator) professionals(count int) [][]string {
	rows := [][]string{{"编号", "名称", "专业类别", "执业机构", "服务事项", "主要学科领域", "简介"}}
	for i := range count {
		m := g.Material()
		rows = append(rows, []string{
			fmt.Sprintf("P-%d-%d", g.n+1, i+1), "合成·" + g.Person() + g.one("专利代理", "财税审计", "项目申报", "技术转移"), g.one("知识产权", "财税与审计", "项目申报", "技术经理人"), fmt.Sprintf("合成·第 %d 研究院", g.n+1),
			g.one("发明专利申请", "高企认定", "股权架构", "技术合同登记"), g.Some(synthetic.Subjects(), 2), "服务" + m + "企业。" + g.Prose(16),
		})
	}
	return rows
}
