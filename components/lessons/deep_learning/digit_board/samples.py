"""One handwritten digit of each class, 0 to 9, out of scikit-learn's, from which the network did not learn.

They are written down here because scikit-learn, which has them, takes a second to load and pandas with it.

Source: Alpaydin & Kaynak, "Optical Recognition of Handwritten Digits", UCI 1998 (CC BY 4.0).
"""

SAMPLES = (
    "002fd30000afbf0003g60a0004g8038008e3048003f1037000eb6e50004cf600",
    "0000cd100008gf2000aggc0004gggd000474g6000001g8000001g8000000cc00",
    "0001ee30000abd8000070d8000007f10048cf40006gg6000002cc4200001dg50",
    "00afe4000046dg200003g9000001g6000000ac0000001g4001956g7000ecfb20",
    "00099000003g900003ea02000ag57f1002bfgd100007g3000006f0000004g500",
    "03f8860004gggd2003g9200002ggf3000076c9000001ea00005ef20001fe1000",
    "0009a000007g700000dd100000f7000004gfc70002gc4ba0008e59e00006ce90",
    "003cgg6000ab7gb000002ea005b89g3009gggg900149g600000be000004g5000",
    "0048g500009g8b00005a0d20000d4f200009g800008fe50000g5e400006gc100",
    "019gd70007e4ac0006f9gb00009b7e0000000f2000000b6003d85e50009eda10",
)
"""64 characters each, row by row; see `components.lessons.deep_learning.digit_board.scene.SIGNS`."""
