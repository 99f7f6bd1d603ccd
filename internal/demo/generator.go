//i18n:data words that synthetic records are made of

package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generator makes the rows of one synthetic institution.
type generator struct {
	rand *rand.Rand
	n    int // number of the institution
}

func (g generator) pick(words []string) string { return words[g.rand.IntN(len(words))] }

// some are n different words, in a random order.
func (g generator) some(words []string, n int) string {
	order := g.rand.Perm(len(words))
	out := make([]string, n)
	for i := range out {
		out[i] = words[order[i]]
	}
	return strings.Join(out, "、")
}

func techniques() []string {
	return []string{
		"扫描电子显微镜", "透射电子显微镜", "X 射线衍射仪", "X 射线荧光光谱仪", "电感耦合等离子体质谱仪", "气相色谱质谱联用仪", "液相色谱仪", "核磁共振波谱仪",
		"红外光谱仪", "拉曼光谱仪", "原子吸收光谱仪", "热重分析仪", "差示扫描量热仪", "万能材料试验机", "疲劳试验机", "三坐标测量机", "激光跟踪仪", "粒度分析仪",
		"比表面积分析仪", "流变仪", "凝胶渗透色谱仪", "流式细胞仪", "高通量测序仪", "荧光定量 PCR 仪", "激光共聚焦显微镜", "原子力显微镜", "矢量网络分析仪", "示波器",
		"环境试验箱", "盐雾试验箱", "振动试验台", "电磁兼容暗室", "工业 CT", "超声探伤仪", "电化学工作站", "冷冻干燥机", "发酵罐", "蛋白纯化系统",
	}
}

func materials() []string {
	return []string{
		"碳纤维复合材料", "铝合金", "高温合金", "不锈钢", "工程塑料", "橡胶", "涂层", "陶瓷", "玻璃纤维", "锂电池正极材料", "光学薄膜", "半导体晶圆", "功率器件",
		"纺织面料", "皮革", "食品", "饮用水", "土壤", "中药材", "化妆品", "医疗器械", "微生物", "细胞", "蛋白质", "润滑油", "混凝土", "铸件", "焊接接头", "轴承", "齿轮",
	}
}

func measures() []string {
	return []string{
		"拉伸性能", "疲劳寿命", "断裂韧度", "硬度", "冲击性能", "成分分析", "痕量元素", "有机残留", "物相组成", "微观形貌", "孔隙率", "粒度分布", "热稳定性", "玻璃化温度",
		"导热系数", "介电常数", "电磁兼容", "耐腐蚀", "耐老化", "阻燃性", "粗糙度", "尺寸精度", "残余应力", "分子量分布", "流变特性", "活性测定", "无菌检查", "基因测序",
	}
}

func fields() []string {
	return []string{
		"材料科学", "机械工程", "化学", "物理学", "生物学", "电子与通信技术", "环境科学技术", "食品科学技术", "药学", "能源科学技术", "纺织科学技术", "计算机科学技术",
		"土木建筑工程", "水利工程", "农学", "基础医学", "临床医学", "核科学技术", "航空航天科学技术", "管理学",
	}
}

func (g generator) instruments(count int) [][]string {
	rows := [][]string{{"编号", "名称", "规格型号", "生产制造商", "仪器分类编码", "主要功能", "主要技术指标", "主要学科领域", "计价单位", "对外单价（元）", "接受创新券", "使用方式"}}
	for i := range count {
		t := g.pick(techniques())
		rows = append(rows, []string{
			fmt.Sprintf("I-%d-%d", g.n+1, i+1), "合成·" + t, fmt.Sprintf("SY-%d", 100+g.rand.IntN(9900)), "合成·仪器厂", fmt.Sprintf("01%02d00", 1+g.rand.IntN(12)),
			g.some(measures(), 3), "适用于" + g.some(materials(), 3), g.some(fields(), 2), g.pick([]string{"小时", "样品"}),
			fmt.Sprint(10 * (3 + g.rand.IntN(120))), g.pick([]string{"是", "是", "否"}), g.pick([]string{"送样委托", "技术人员操作", "自主上机"}),
		})
	}
	return rows
}

func (g generator) services(count int) [][]string {
	rows := [][]string{{"编号", "名称", "服务类别", "简介", "服务周期", "主要学科领域", "计价单位", "对外单价（元）", "接受创新券", "使用方式"}}
	for i := range count {
		m, x := g.pick(materials()), g.pick(measures())
		rows = append(rows, []string{
			fmt.Sprintf("S-%d-%d", g.n+1, i+1), "合成·" + m + x + "测试", "检验检测", "对" + m + "做" + g.some(measures(), 3) + "等测试，出具报告。",
			fmt.Sprint(3 + g.rand.IntN(30)), g.some(fields(), 2), "样品", fmt.Sprint(50 * (1 + g.rand.IntN(60))), g.pick([]string{"是", "否"}), "送样委托",
		})
	}
	return rows
}

func (g generator) experts(count int) [][]string {
	surnames, given := []rune("赵钱孙李周吴郑王冯陈沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"), []rune("文武明德安宁思远嘉禾清源海岳星辰云帆知行若水景行")
	rows := [][]string{{"编号", "名称", "工作单位", "职称", "研究方向", "主要学科领域", "简介"}}
	for i := range count {
		name := string(surnames[g.rand.IntN(len(surnames))]) + string(given[g.rand.IntN(len(given))]) + string(given[g.rand.IntN(len(given))])
		m := g.pick(materials())
		rows = append(rows, []string{
			fmt.Sprintf("E-%d-%d", g.n+1, i+1), "合成·" + name, fmt.Sprintf("合成·第 %d 研究院", g.n+1), g.pick([]string{"正高", "副高", "中级"}),
			m + "、" + g.some(measures(), 2), g.some(fields(), 2), "从事" + m + "的" + g.some(measures(), 3) + "研究。",
		})
	}
	return rows
}
