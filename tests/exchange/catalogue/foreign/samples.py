"""Small files in the formats of public data sets, made up for the tests."""

from __future__ import annotations

import io

from skypact.exchange.catalogue import Row, foreign
from skypact.exchange.catalogue.foreign import Foreign
from skypact.schema import Listing, Vendor

NSN = """\
nsn,fsc,niin,nato_country,cuas_relevant_group,item_name,ui,demil_code,demil_ic,acq_value_usd_latest,acq_value_usd_min,\
acq_value_usd_median,acq_value_usd_max,n_rows,first_release,last_release,qty_in_last_release
5985-01-123-4567,5985,011234567,01,antenna,"ANTENNA,TEST",EACH,A,1,12.5,12.5,12.5,12.5,3,2017-01-31,2019-12-31,4
"""
NSN_HEADER = NSN.splitlines()[0]

BATTERIES = """\
TYPE;Model;Voltage_V;Capacity_mAh;Discharge_Rate_C;Max_Burst_Discharge_Rate_C;Weight_g;Max_burst_current_A
TATTU;TATTU;14.8;2000;45;90;200;90
ProLiteX;TP900-3SPX25J;11.1;900;25;50;69;45
"""
MOTORS = """\
TYPE;Model;Kv_rpm_v;Pole_number;Io_A;R_ohm;Mass_g;Imax_A;No_s;Voltage;Kt_Nm_A
AXI;AXI 9999/11 GOLD LINE;700;14;0.5;0.03;150;40;4;14.8;0.01
"""
SPEED_CONTROLLERS = "TYPE;Model;I_max_A;Mass_g;V_max_V;Power_max_W\nYGE;YGE 33 S ;33;12;14.8;488\n"
OPENDRONELIST = """\
manufacturer,name,class,weight,max_takeoff,endurance,has_camera,is_toy
Acme,Bee 2,C1,800,900,31,true,false
"""
DRONES = """[{"id": "acme-bee-2", "manufacturer": "Autel Robotics", "name": "Bee 2", "weight": "116,5",
 "flight_time": "35 ou 47  (dependendo da bateria)", "range": "100 metros", "battery_supply": "2.453",
 "battery_type": "LiPo 3S", "battery_voltage": "11,55 V", "max_speed": "72"}]"""
CAMERAS = """{"lastUpdate": "x", "droneCCDParams": [{"makeModel": "djiFC1", "isThermal": false,
 "ccdWidthMMPerPixel": "6.4d/4000.0d", "ccdHeightMMPerPixel": "4.8/3000", "widthPixels": 4000, "heightPixels": 3000,
 "comment": "Bee 2", "focalLength": 9.1, "tle_model_y_intercept": 5.6}]}"""


def rows(text: str, format: Foreign | None = None) -> list[Row]:  # noqa: A002
    """The rows of ``text``, in the format of its shape where none is named."""
    stream = io.BytesIO(text.encode())
    found = format or foreign.recognised(stream)
    assert found is not None
    return list(foreign.read(stream, name="file", format=found))


def only(text: str) -> tuple[Vendor, Listing]:
    """The one vendor and listing of ``text``."""
    (row,) = rows(text)
    assert row.problems == ()
    vendor, listing = row.records
    assert isinstance(vendor, Vendor)
    assert isinstance(listing, Listing)
    return vendor, listing


def wrong(text: str) -> list[tuple[int | None, str, str, str]]:
    """Every problem of ``text`` as row, field, value, remedy."""
    return [(item.row, item.field, item.value, item.remedy) for row in rows(text) for item in row.problems]
